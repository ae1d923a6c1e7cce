//! The plots of the tables, as SVG.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

const OURS: RGBColor = RGBColor(0xc2, 0x4d, 0x1d);
const OTHERS: RGBColor = RGBColor(0x8a, 0x93, 0x9c);
const INK: RGBColor = RGBColor(0x24, 0x29, 0x2f);
const WIDTH: u32 = 760;
/// Where bars begin: their labels are left of it.
const LEFT: i32 = 300;
const BAR: i32 = 26;
const TOP: i32 = 44;

/// What a table shows besides its numbers.
pub enum Plot {
    /// A bar for each line of the table.
    Bars {
        title: String,
        /// Of the numbers, as it is written behind them.
        unit: &'static str,
        bars: Vec<Bar>,
    },
    /// A line for each series of points.
    Lines {
        title: String,
        x: &'static str,
        y: &'static str,
        lines: Vec<Line>,
    },
}

pub struct Bar {
    pub name: String,
    pub value: f64,
    /// Whether it is one of this SDK.
    pub ours: bool,
}

pub struct Line {
    pub name: String,
    pub points: Vec<(f64, f64)>,
    pub ours: bool,
}

impl Plot {
    /// Writes the plot.
    pub fn write(&self, file: &Path) -> Result<()> {
        match self {
            Self::Bars { title, unit, bars } => self::bars(file, title, unit, bars),
            Self::Lines { title, x, y, lines } => self::lines(file, title, x, y, lines),
        }
        .map_err(|error| anyhow!("{}: {error}", file.display()))
    }
}

type Drawn = Result<(), Box<dyn std::error::Error>>;

fn bars(file: &Path, title: &str, unit: &str, bars: &[Bar]) -> Drawn {
    let height = TOP + BAR * bars.len() as i32 + 12;
    let area = SVGBackend::new(file, (WIDTH, height.unsigned_abs())).into_drawing_area();
    area.fill(&WHITE)?;
    let text = |size: u32| ("sans-serif", size).into_font().color(&INK);
    area.draw_text(title, &text(17), (12, 12))?;
    let longest = bars
        .iter()
        .map(|bar| bar.value)
        .fold(f64::MIN_POSITIVE, f64::max);
    let room = f64::from(WIDTH as i32 - LEFT - 90);
    for (place, bar) in bars.iter().enumerate() {
        let top = TOP + BAR * place as i32;
        let right = LEFT + (bar.value / longest * room).round() as i32;
        let color = if bar.ours { OURS } else { OTHERS };
        let corners = [(LEFT, top), (right.max(LEFT + 1), top + BAR - 6)];
        area.draw(&Rectangle::new(corners, color.filled()))?;
        let middle = top + (BAR - 6) / 2;
        let label = text(13).pos(Pos::new(HPos::Right, VPos::Center));
        area.draw_text(&bar.name, &label, (LEFT - 8, middle))?;
        let value = text(13).pos(Pos::new(HPos::Left, VPos::Center));
        let shown = format!("{} {unit}", short(bar.value));
        area.draw_text(&shown, &value, (right + 6, middle))?;
    }
    area.present()?;
    Ok(())
}

fn lines(file: &Path, title: &str, x: &str, y: &str, lines: &[Line]) -> Drawn {
    let area = SVGBackend::new(file, (WIDTH, 400)).into_drawing_area();
    area.fill(&WHITE)?;
    let text = |size: u32| ("sans-serif", size).into_font().color(&INK);
    area.draw_text(title, &text(17), (12, 12))?;
    let points = || lines.iter().flat_map(|line| &line.points);
    let right = points().map(|point| point.0).fold(0.0, f64::max) * 1.15;
    let top = points().map(|point| point.1).fold(0.0, f64::max) * 1.05;
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .margin_top(TOP)
        .x_label_area_size(36)
        .y_label_area_size(48)
        .build_cartesian_2d(0.0..right, 0.0..top)?;
    chart
        .configure_mesh()
        .x_desc(x)
        .y_desc(y)
        .light_line_style(TRANSPARENT)
        .label_style(text(13))
        .draw()?;
    for line in lines {
        let color = if line.ours { OURS } else { OTHERS };
        chart.draw_series(LineSeries::new(line.points.clone(), color.stroke_width(2)))?;
        let dots = line.points.iter();
        chart.draw_series(dots.map(|&point| Circle::new(point, 4, color.filled())))?;
        if let Some(&end) = line.points.last() {
            let style = text(13)
                .color(&color)
                .pos(Pos::new(HPos::Left, VPos::Center));
            let label = EmptyElement::at(end) + Text::new(line.name.clone(), (8, 0), style);
            chart.draw_series([label])?;
        }
    }
    area.present()?;
    Ok(())
}

/// A number with three digits that count.
pub fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_shows_every_bar_with_its_number() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("bars.svg");
        let bar = |name: &str, value, ours| Bar {
            name: name.to_owned(),
            value,
            ours,
        };
        let plot = Plot::Bars {
            title: "Time".to_owned(),
            unit: "s",
            bars: vec![bar("this", 0.25, true), bar("<other>", 12.5, false)],
        };
        plot.write(&file).unwrap();
        let svg = std::fs::read_to_string(&file).unwrap();
        for shown in ["Time", "this", "&lt;other&gt;", "0.250 s", "12.5 s"] {
            assert!(svg.contains(shown), "{shown} in {svg}");
        }
    }
}
