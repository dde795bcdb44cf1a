//! Places for labels beside the points that they name, such that none covers another.

use super::mark::RADIUS;
use super::scene::{Label, Scene};
use super::{axis, palette};

/// A rectangle: left, top, right, bottom.
pub type Room = (f64, f64, f64, f64);

/// A point that may be named.
pub struct Named {
    /// Where it is.
    pub at: (f64, f64),
    /// What to write.
    pub text: String,
}

/// Distances between point and text that are tried; from the second on a line leads from one to the other.
const DISTANCES: [f64; 5] = [RADIUS + 3.0, 18.0, 34.0, 52.0, 74.0];
/// Directions that are tried: the right, the left, above, below, then between.
const DIRECTIONS: [(f64, f64); 8] =
    [(1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (0.7, -0.7), (-0.7, -0.7), (0.7, 0.7), (-0.7, 0.7)];
/// Length of a piece of a line.
const PIECE: f64 = 3.0;
/// Height of a text with the room around it.
const HEIGHT: f64 = 14.0;
/// The widest text.
const WIDEST: f64 = 190.0;

/// Writes the names of `named`, the most important first, inside `frame` and clear of `points`, of `lines` where there is room,
/// and of each other. A name for which there is no room is left out.
pub fn names(scene: &mut Scene, named: &[Named], points: &[(f64, f64)], lines: &[Room], frame: Room) {
    let mut taken: Vec<Room> = points.iter().map(|(x, y)| around(*x, *y, RADIUS)).collect();
    for Named { at, text } in named {
        let label = Label { text: text.clone(), color: palette::INK, ..axis::small() }.within(WIDEST);
        let width = label.width();
        let clear = |avoid_lines: bool| {
            candidates(*at, width).find(|(_, place, leads)| {
                let free = |room: Room| taken.iter().all(|other| !overlap(room, *other));
                let clear_of_lines = || lines.iter().all(|line| !overlap(*place, *line));
                // What it leads away from is taken by the point itself.
                let leader_free = || leader(*at, *place).skip(2).all(free);
                inside(*place, frame) && free(*place) && (!avoid_lines || clear_of_lines()) && (!leads || leader_free())
            })
        };
        let Some(((x, y), place, leads)) = clear(true).or_else(|| clear(false)) else { continue };
        if leads {
            scene.line(vec![*at, end(*at, place)], palette::AXIS, 1.0);
            taken.extend(leader(*at, place));
        }
        taken.push(place);
        scene.label(Label { x, y, ..label });
    }
}

/// Where a line from a point meets the room of its text.
fn end((x, y): (f64, f64), place: Room) -> (f64, f64) {
    (x.clamp(place.0, place.2), y.clamp(place.1 + 2.0, place.3 - 2.0))
}

/// The room of the line from a point to its text, in small pieces: the last one ends before the text.
fn leader(at: (f64, f64), place: Room) -> impl Iterator<Item = Room> {
    let to = end(at, place);
    let pieces = (libm::hypot(to.0 - at.0, to.1 - at.1) / PIECE) as u32;
    let point = move |i: u32| {
        let share = f64::from(i) / f64::from(pieces.max(1));
        (at.0 + share * (to.0 - at.0), at.1 + share * (to.1 - at.1))
    };
    (0..pieces).map(move |i| around(point(i).0, point(i).1, 1.0))
}

/// The room of an upright or level line.
pub fn between(from: (f64, f64), to: (f64, f64)) -> Room {
    (from.0.min(to.0) - 1.0, from.1.min(to.1) - 1.0, from.0.max(to.0) + 1.0, from.1.max(to.1) + 1.0)
}

/// Where a text of this width may begin, the room that it then takes, and whether a line must lead to it.
fn candidates((x, y): (f64, f64), width: f64) -> impl Iterator<Item = ((f64, f64), Room, bool)> {
    let places =
        DISTANCES.iter().enumerate().flat_map(|(i, distance)| DIRECTIONS.iter().map(move |d| (i, distance, d)));
    places.map(move |(i, distance, (dx, dy))| {
        let start = match dx {
            d if *d > 0.0 => x + dx * distance,
            d if *d < 0.0 => x + dx * distance - width,
            _ => x - width / 2.0,
        };
        // Above and below a text needs half its height more.
        let y = y + dy * (distance + HEIGHT / 2.0);
        ((start, y), (start, y - HEIGHT / 2.0, start + width, y + HEIGHT / 2.0), i > 0)
    })
}

fn around(x: f64, y: f64, radius: f64) -> Room {
    (x - radius, y - radius, x + radius, y + radius)
}

fn overlap(a: Room, b: Room) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

fn inside(a: Room, frame: Room) -> bool {
    a.0 >= frame.0 && a.1 >= frame.1 && a.2 <= frame.2 && a.3 <= frame.3
}
