//! From a scene to SVG and PNG: painted once, for any drawing backend.

use std::sync::Once;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use rayon::prelude::*;

use super::palette;
use super::scene::{Anchor, Label, Scene, Shape};
use crate::report::ReportError;

/// The font of the plots. The bitmap is drawn with DejaVu Sans; a reader of the SVG may have Verdana, which is as wide.
const FONTS: &str = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif";
/// Pixels of a PNG per logical pixel.
const PNG_SCALE: usize = 2;
/// Drawn pixels per pixel of the PNG, in each direction: the mean of the four smooths the edges.
const SAMPLES: usize = 2;
/// Units of the SVG per logical pixel: the backend has whole units only.
const SVG_SCALE: f64 = 10.0;
/// Ascent + descent of DejaVu Sans in em. The bitmap backend takes this height as the font size.
const BITMAP_SIZE: f64 = 2384.0 / 2048.0;
/// The SVG backend divides the font size by this.
const SVG_SIZE: f64 = 1.24;
/// How much higher than the SVG backend the bitmap backend sets a centred text, in em.
const BITMAP_RISE: f64 = 0.16;

/// How a backend measures.
struct Medium {
    /// Units per logical pixel.
    scale: f64,
    /// Font size in units that gives an em of one unit.
    font_size: f64,
    /// How far centred text must be lowered, in em.
    lower: f64,
}

/// A scene in both formats.
pub struct Painted {
    /// Name of the file, without extension.
    pub name: String,
    /// The SVG document.
    pub svg: String,
    /// The PNG file.
    pub png: Vec<u8>,
}

/// Paints every scene, in parallel.
///
/// # Errors
/// If a backend fails, which is a bug; so do the other functions of this module.
pub fn all(scenes: &[Scene]) -> Result<Vec<Painted>, ReportError> {
    scenes
        .par_iter()
        .map(|scene| Ok(Painted { name: scene.name.clone(), svg: svg(scene)?, png: png(scene)? }))
        .collect()
}

/// The scene as an SVG document that fills the width it is given.
pub fn svg(scene: &Scene) -> Result<String, ReportError> {
    let medium = Medium { scale: SVG_SCALE, font_size: SVG_SIZE, lower: 0.0 };
    let mut text = String::new();
    let size = ((scene.width * SVG_SCALE) as u32, (scene.height * SVG_SCALE) as u32);
    paint(scene, &SVGBackend::with_string(&mut text, size).into_drawing_area(), &medium)
        .map_err(|error| failed(scene, error))?;
    let units = format!("<svg width=\"{}\" height=\"{}\" ", size.0, size.1);
    let (title, description) = (escape(&scene.title), escape(&scene.description));
    let named = text.replacen(">\n", &format!(">\n<title>{title}</title>\n<desc>{description}</desc>\n"), 1);
    let sized = format!("<svg role=\"img\" width=\"{}\" height=\"{}\" ", scene.width, scene.height);
    let hints: String = scene.shapes.iter().filter_map(hint).collect();
    Ok(named.replacen(&units, &sized, 1).replacen("</svg>", &(hints + "</svg>"), 1))
}

/// What appears when somebody points at a place; the backend has no element for it.
fn hint(shape: &Shape) -> Option<String> {
    let Shape::Hint { corner, size, text } = shape else { return None };
    let [x, y, width, height] = [corner.0, corner.1, size.0, size.1].map(|length| (length * SVG_SCALE).round() as i32);
    let place = format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
    Some(format!("<rect {place} fill-opacity=\"0\"><title>{}</title></rect>\n", escape(text)))
}

/// The scene as a PNG file of twice its logical size.
pub fn png(scene: &Scene) -> Result<Vec<u8>, ReportError> {
    let scale = PNG_SCALE * SAMPLES;
    let medium = Medium { scale: scale as f64, font_size: BITMAP_SIZE, lower: BITMAP_RISE };
    let (width, height) = (scene.width as usize * PNG_SCALE, scene.height as usize * PNG_SCALE);
    let size = (width * SAMPLES, height * SAMPLES);
    let mut pixels = vec![0; size.0 * size.1 * 3];
    let area = BitMapBackend::with_buffer(&mut pixels, (size.0 as u32, size.1 as u32)).into_drawing_area();
    paint(scene, &area, &medium).map_err(|error| failed(scene, error))?;
    drop(area);
    encode(&smooth(&pixels, width), width, height).map_err(|error| failed(scene, error))
}

/// Width of a text in logical pixels.
pub(super) fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    let font = font(1_000.0 * BITMAP_SIZE, bold);
    // The registered font measures every text.
    let (width, _) = font.box_size(text).unwrap_or_default();
    f64::from(width) / 1_000.0 * size
}

fn font(size: f64, bold: bool) -> FontDesc<'static> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        // The embedded files are fonts; without them the first text would fail to be drawn, which is reported.
        let _ = register_font(FONTS, FontStyle::Normal, dejavu::sans::regular());
        let _ = register_font(FONTS, FontStyle::Bold, dejavu::sans::bold());
    });
    FontDesc::new(FontFamily::Name(FONTS), size, if bold { FontStyle::Bold } else { FontStyle::Normal })
}

fn paint<DB: DrawingBackend>(
    scene: &Scene,
    area: &DrawingArea<DB, Shift>,
    medium: &Medium,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    area.fill(&palette::PAPER)?;
    for shape in &scene.shapes {
        match shape {
            Shape::Line { points, color, width } => {
                let stroke = color.stroke_width((width * medium.scale).round() as u32);
                area.draw(&PathElement::new(units(points, medium), stroke))?;
            }
            Shape::Area { points, color } => area.draw(&Polygon::new(units(points, medium), color.filled()))?,
            Shape::Label(label) => draw_label(label, area, medium)?,
            Shape::Hint { .. } => {}
        }
    }
    area.present()
}

fn draw_label<DB: DrawingBackend>(
    label: &Label,
    area: &DrawingArea<DB, Shift>,
    medium: &Medium,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let anchor = match label.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let size = label.size * medium.scale * medium.font_size;
    let style = font(size, label.bold).color(&label.color).pos(Pos::new(anchor, VPos::Center));
    let at = unit((label.x, label.y + medium.lower * label.size), medium);
    area.draw(&Text::new(label.text.as_str(), at, style))
}

fn units(points: &[(f64, f64)], medium: &Medium) -> Vec<(i32, i32)> {
    points.iter().map(|point| unit(*point, medium)).collect()
}

fn unit((x, y): (f64, f64), medium: &Medium) -> (i32, i32) {
    ((x * medium.scale).round() as i32, (y * medium.scale).round() as i32)
}

/// The mean of each square of two by two drawn pixels.
fn smooth(pixels: &[u8], width: usize) -> Vec<u8> {
    let row = width * SAMPLES * 3;
    let mut out = Vec::with_capacity(pixels.len() / (SAMPLES * SAMPLES));
    for rows in pixels.chunks_exact(row * SAMPLES) {
        let (upper, lower) = rows.split_at(row);
        for (upper, lower) in upper.chunks_exact(SAMPLES * 3).zip(lower.chunks_exact(SAMPLES * 3)) {
            let (left, right) = upper.split_at(3);
            if left == right && upper == lower {
                out.extend_from_slice(left);
                continue;
            }
            let sum = |i: usize| [upper[i], upper[i + 3], lower[i], lower[i + 3]].map(u16::from).iter().sum::<u16>();
            out.extend((0..3).map(|i| (sum(i) / 4) as u8));
        }
    }
    out
}

fn encode(pixels: &[u8], width: usize, height: usize) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Flat colours compress best without prediction.
    encoder.set_filter(png::FilterType::NoFilter);
    encoder.set_compression(png::Compression::Default);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(file)
}

fn failed(scene: &Scene, error: impl std::fmt::Display) -> ReportError {
    ReportError::Plot { name: scene.name.clone(), reason: error.to_string() }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plot::scenes;
    use crate::report::sample;

    /// Checks that tags are nested and closed and that text is escaped: all that our writer can get wrong.
    fn assert_well_formed(xml: &str) {
        let mut open = Vec::new();
        for piece in xml.split('<').skip(1) {
            let (tag, text) = piece.split_once('>').expect("a tag ends");
            assert!(!text.contains('>'), "{text}");
            assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
            let entities =
                piece.split('&').skip(1).all(|rest| rest.split(';').next().is_some_and(|name| name.len() < 5));
            assert!(entities, "{piece}");
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name)),
                None if tag.ends_with('/') => {}
                None => open.push(tag.split_whitespace().next().unwrap()),
            }
        }
        assert!(open.is_empty(), "{open:?} not closed");
    }

    #[test]
    fn every_svg_is_well_formed_and_names_itself() {
        for scene in sample::all().iter().flat_map(scenes) {
            let svg = svg(&scene).unwrap();
            assert_well_formed(&svg);
            assert!(svg.starts_with("<svg role=\"img\" width=\"760\""), "{}", &svg[..80]);
            assert!(svg.contains("<title>") && !scene.description.is_empty(), "{}", scene.name);
        }
    }

    #[test]
    fn axes_carry_their_units() {
        let outcome = sample::typical();
        let svgs: Vec<String> = scenes(&outcome).iter().map(|scene| svg(scene).unwrap()).collect();
        let expected: [&[&str]; 4] = [
            &["Response time", "100 ms", "100 %"],
            &["Time since the start (min)", "Arrivals per second", "Cold starts per minute", "Instances"],
            &["Mean time", "ms"],
            &["USD", "$"],
        ];
        for (svg, texts) in svgs.iter().zip(expected) {
            texts.iter().for_each(|text| assert!(svg.contains(text), "{text}"));
        }
        assert_eq!(svgs.len(), 4);
        assert_eq!(scenes(&sample::no_cost()).len(), 3);
    }

    #[test]
    fn a_png_has_twice_the_size_and_is_not_blank() {
        let scene = &scenes(&sample::one_replication())[3];
        let file = png(scene).unwrap();
        let mut reader = png::Decoder::new(file.as_slice()).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (2 * scene.width as u32, 2 * scene.height as u32));
        assert!(pixels.chunks(3).any(|pixel| pixel == [0x00, 0x72, 0xB2]));
    }
}
