//! Colours: the palette of Okabe and Ito, told apart by people with any kind of colour blindness (Okabe and Ito, "Color
//! Universal Design", 2008), and neutral ones. The report's dark theme replaces the neutral ones.

use plotters::style::RGBColor;

pub const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
pub const ORANGE: RGBColor = RGBColor(0xE6, 0x9F, 0x00);
pub const VERMILION: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
pub const GREEN: RGBColor = RGBColor(0x00, 0x9E, 0x73);
pub const SKY: RGBColor = RGBColor(0x56, 0xB4, 0xE9);
pub const YELLOW: RGBColor = RGBColor(0xF0, 0xE4, 0x42);
pub const PURPLE: RGBColor = RGBColor(0xCC, 0x79, 0xA7);

/// Background.
pub const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// Text and the most important line.
pub const INK: RGBColor = RGBColor(0x1B, 0x1F, 0x24);
/// Secondary text.
pub const FADED: RGBColor = RGBColor(0x5B, 0x63, 0x6E);
/// Axes.
pub const AXIS: RGBColor = RGBColor(0x9A, 0xA2, 0xAC);
/// Grid lines.
pub const GRID: RGBColor = RGBColor(0xE4, 0xE7, 0xEB);
/// What is there but does nothing, such as idle instances.
pub const NEUTRAL: RGBColor = RGBColor(0xB8, 0xBE, 0xC6);
