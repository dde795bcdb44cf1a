//! Draws how cost grows: `cargo run --example performance-plots` takes the newest record of `benches/record` that `grow` has
//! written to, and writes `docs/images/performance-*.svg`. Another record, or another folder, can be named after it.

mod axis;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use axis::Axis;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::register_font;
use serde::Deserialize;

/// A row of a record. `grow` calls a bench by what grows, the curve, and how far it has grown.
#[derive(Deserialize)]
struct Row {
    date: String,
    commit: String,
    machine: String,
    bench: String,
    figure: f64,
    unit: String,
}

/// A file: two panels, over the same thing that grows.
struct Picture {
    grows: &'static str,
    title: &'static str,
    panels: [Panel; 2],
}

/// Rows of one unit.
struct Panel {
    unit: &'static str,
    title: &'static str,
    /// How many of `unit` are one of `title`.
    per: f64,
    logarithmic: bool,
}

const CPU: Panel =
    Panel { unit: "CPU ns per invocation", title: "CPU time per invocation (ns)", per: 1.0, logarithmic: true };
const MEMORY: Panel = Panel { unit: "KiB peak memory", title: "Peak memory (MiB)", per: 1024.0, logarithmic: false };
const WALL: Panel = Panel { unit: "s wall", title: "Wall time (s)", per: 1.0, logarithmic: true };
const TIME: Panel = Panel { logarithmic: false, ..WALL };
const SPEED: Panel =
    Panel { unit: "times as fast as one thread", title: "Times as fast as one thread", per: 1.0, logarithmic: false };

const PICTURES: &[Picture] = &[
    Picture {
        grows: "invocations",
        title: "More invocations: 5,000 functions without workers",
        panels: [WALL, MEMORY],
    },
    Picture { grows: "functions", title: "More functions, the same number of invocations", panels: [CPU, MEMORY] },
    Picture { grows: "workers", title: "More workers, the same invocations of 5,000 functions", panels: [CPU, MEMORY] },
    Picture { grows: "threads", title: "More threads", panels: [SPEED, TIME] },
];

/// Told apart with any kind of colour blindness (Okabe and Ito, "Color Universal Design", 2008).
const COLORS: [RGBColor; 5] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0x1B, 0x1F, 0x24),
];
const INK: RGBColor = RGBColor(0x1B, 0x1F, 0x24);
const FADED: RGBColor = RGBColor(0x5B, 0x63, 0x6E);
const GRID: RGBColor = RGBColor(0xE4, 0xE7, 0xEB);
const FONT: &str = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif";
const SIZE: (u32, u32) = (760, 340);

/// Points of each curve, in order of what grows.
type Curves = BTreeMap<String, BTreeMap<u64, f64>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

impl Picture {
    /// The points of a panel.
    fn curves(&self, panel: &Panel, rows: &[Row]) -> Outcome<Curves> {
        let mut curves = Curves::new();
        for row in rows.iter().filter(|row| row.unit == panel.unit) {
            if let [grows, curve, grown] = row.bench.split('/').collect::<Vec<_>>()[..]
                && grows == self.grows
            {
                curves.entry(curve.into()).or_default().insert(grown.parse()?, row.figure / panel.per);
            }
        }
        if curves.is_empty() {
            Err(format!("the record has no {} of {}", panel.unit, self.grows).into())
        } else {
            Ok(curves)
        }
    }

    fn draw(&self, rows: &[Row], file: &Path) -> Outcome {
        let curves = self.panels.iter().map(|panel| self.curves(panel, rows)).collect::<Outcome<Vec<_>>>()?;
        let area = SVGBackend::new(file, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        area.draw(&Text::new(self.title, (16, 14), (FONT, 16, FontStyle::Bold).into_font().color(&INK)))?;
        legend(&area, curves[0].keys())?;
        let (last, small) = (&rows[rows.len() - 1], (FONT, 11).into_font().color(&FADED));
        area.draw(&Text::new(
            format!("{}, commit {}: {}", last.date, last.commit, last.machine),
            (16, SIZE.1 as i32 - 18),
            small,
        ))?;
        let (left, right) = area.margin(62, 26, 8, 16).split_horizontally(364);
        for ((panel, curves), part) in self.panels.iter().zip(&curves).zip([left, right]) {
            self.draw_panel(panel, curves, &area, &part)?;
        }
        Ok(area.present()?)
    }

    /// Draws on a part of the whole area.
    fn draw_panel(&self, panel: &Panel, curves: &Curves, area: &Area, part: &Area) -> Outcome {
        let (grown, figures): (Vec<_>, Vec<_>) = curves.values().flatten().map(|(x, y)| (*x as f64, *y)).unzip();
        let (x, y) = (Axis::of(&grown, self.grows != "threads"), Axis::of(&figures, panel.logarithmic));
        let mut chart = ChartBuilder::on(part)
            .caption(panel.title, (FONT, 13).into_font().color(&INK))
            .margin_right(12)
            .x_label_area_size(40)
            .y_label_area_size(56)
            .build_cartesian_2d(x, y)?;
        let small = || (FONT, 12).into_font().color(&FADED);
        chart
            .configure_mesh()
            .x_desc(self.grows)
            .axis_desc_style(small())
            .label_style(small())
            .axis_style(FADED)
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (curve, (points, color)) in curves.values().zip(COLORS).enumerate() {
            let points: Vec<_> = points.iter().map(|(grown, figure)| (*grown as f64, *figure)).collect();
            chart.draw_series([PathElement::new(points.clone(), color.stroke_width(2))])?;
            points.iter().try_for_each(|at| area.draw(&marker(curve, chart.backend_coord(at), color)))?;
        }
        Ok(())
    }
}

/// Curves differ in shape, too: a disc, a triangle, a diamond.
fn marker(curve: usize, (x, y): (i32, i32), color: RGBColor) -> Polygon<(i32, i32)> {
    let (corners, radius) = [(24, 4.0), (3, 6.5), (4, 5.5)][curve % 3];
    let corner = |number| {
        let angle = std::f64::consts::TAU * f64::from(number) / f64::from(corners);
        (x + (radius * angle.sin()).round() as i32, y - (radius * angle.cos()).round() as i32)
    };
    Polygon::new((0..corners).map(corner).collect::<Vec<_>>(), color.filled())
}

/// The names of the curves below the title.
fn legend<'a>(area: &Area, curves: impl Iterator<Item = &'a String>) -> Outcome {
    let (style, mut left) = ((FONT, 12).into_font().color(&INK), 16);
    for (curve, (name, color)) in curves.zip(COLORS).enumerate() {
        area.draw(&PathElement::new([(left, 48), (left + 24, 48)], color.stroke_width(2)))?;
        area.draw(&marker(curve, (left + 12, 48), color))?;
        area.draw(&Text::new(name.as_str(), (left + 30, 42), style.clone()))?;
        left += 54 + area.estimate_text_size(name, &style)?.0 as i32;
    }
    Ok(())
}

/// The rows of a record.
fn read(path: &Path) -> Outcome<Vec<Row>> {
    Ok(csv::Reader::from_path(path)?.into_deserialize().collect::<Result<_, _>>()?)
}

/// The newest record that `grow` has written to: the names of files begin with their dates.
fn newest(folder: &Path) -> Outcome<Vec<Row>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    paths.sort();
    for path in paths.iter().rev() {
        let rows = read(path)?;
        if rows.iter().any(|row| row.bench.starts_with(PICTURES[0].grows)) {
            return Ok(rows);
        }
    }
    Err(format!("no record in {} has what `grow` measures", folder.display()).into())
}

fn main() -> Outcome {
    for (style, font) in [(FontStyle::Normal, dejavu::sans::regular()), (FontStyle::Bold, dejavu::sans::bold())] {
        register_font(FONT, style, font).map_err(|_| "the font is damaged")?;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let rows = arguments.next().map_or_else(|| newest(&root.join("benches/record")), |record| read(&record))?;
    let folder = arguments.next().unwrap_or_else(|| root.join("docs/images"));
    for picture in PICTURES {
        picture.draw(&rows, &folder.join(format!("performance-{}.svg", picture.grows)))?;
    }
    Ok(())
}
