//! What can be wrong with a scenario, and how it is shown: file, line, column, the line itself, and what to write instead.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::source::Source;

/// One thing that is wrong with a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    title: String,
    span: Option<Range<usize>>,
    label: String,
    help: Option<Box<str>>,
    elsewhere: Option<Box<Place>>,
}

/// A line of another file, which the scenario names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    path: PathBuf,
    line: Option<usize>,
}

impl Problem {
    /// A problem, in a sentence without a full stop.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), span: None, label: String::new(), help: None, elsewhere: None }
    }

    /// The sentence.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The bytes of the text that are wrong.
    pub fn at(mut self, span: Option<Range<usize>>) -> Self {
        self.span = span;
        self
    }

    /// What to say beside the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// What to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into().into_boxed_str());
        self
    }

    /// Says before it what brings it about.
    pub fn within(mut self, cause: &str) -> Self {
        self.title = format!("{cause}: {}", self.title);
        self
    }

    /// The file, and if possible the line from 1, that is wrong, where that is not the scenario itself. It is shown before the
    /// place where the scenario names it as its `role`, such as "the trace".
    pub fn elsewhere(mut self, path: &Path, line: Option<usize>, role: &str) -> Self {
        self.elsewhere = Some(Box::new(Place { path: path.to_owned(), line }));
        let advice = std::mem::replace(&mut self.label, format!("{role} of this scenario"));
        if !advice.is_empty() {
            self.title = format!("{}; {advice}", self.title);
        }
        self
    }

    fn render(&self, path: &str, text: &str, renderer: &Renderer) -> String {
        let mut group = Group::with_title(Level::ERROR.primary_title(self.title.as_str()));
        if let Some(place) = &self.elsewhere {
            group = group.element(place.origin());
        }
        group = match &self.span {
            Some(span) => {
                let span = span.start.min(text.len())..span.end.min(text.len());
                let kind = if self.elsewhere.is_some() { AnnotationKind::Context } else { AnnotationKind::Primary };
                let caret = kind.span(span).label(self.label.as_str());
                group.element(Snippet::source(text).path(path).annotation(caret))
            }
            None => group.element(Origin::path(path)),
        };
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(&**help));
        }
        renderer.render(&[group])
    }
}

impl Place {
    fn origin(&self) -> Origin<'static> {
        let origin = Origin::path(self.path.display().to_string());
        match self.line {
            Some(line) => origin.line(line),
            None => origin,
        }
    }
}

/// Why a scenario cannot be run.
#[derive(Debug)]
pub struct ScenarioError {
    title: String,
    text: String,
    problems: Vec<Problem>,
}

impl ScenarioError {
    /// Problems of a file whose text was read.
    pub fn new(source: &Source, problems: Vec<Problem>) -> Self {
        Self { title: source.title(), text: source.text().to_owned(), problems }
    }

    /// A problem of a text that could not be parsed.
    pub fn unparsed(path: &Path, text: String, problem: Problem) -> Self {
        Self { title: path.display().to_string(), text, problems: vec![problem] }
    }

    /// The file cannot be read.
    pub fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        let problem = Problem::new(format!("cannot read the scenario: {error}"))
            .help("give the path of a scenario file; `coldcast init` writes one");
        Self::unparsed(path, String::new(), problem)
    }

    /// What is wrong.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The problems as a terminal shows them, with or without colour.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let shown = self.problems.iter().map(|problem| problem.render(&self.title, &self.text, &renderer));
        let shown: Vec<_> = shown.collect();
        shown.join("\n\n")
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for ScenarioError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_shown_with_its_line_and_a_caret() {
        let text = "[scenario]\nseed = -1\n".to_owned();
        let problem = Problem::new("`seed` is negative").at(Some(18..20)).label("here").help("use 1");
        let shown = ScenarioError::unparsed(Path::new("a.toml"), text, problem).to_string();
        for part in ["error: `seed` is negative", "a.toml:2:8", "seed = -1", "^^ here", "help: use 1"] {
            assert!(shown.contains(part), "{part} is missing in:\n{shown}");
        }
    }
}
