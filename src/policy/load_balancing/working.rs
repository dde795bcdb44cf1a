//! Lists of the workers that work, kept from one choice to the next.

use super::Notice;

/// A list that is made of the workers that work, and made anew after one has stopped or come back.
#[derive(Debug, Clone)]
pub(super) struct Working<T>(Vec<T>);

impl<T> Default for Working<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Working<T> {
    /// The list; `make` makes it when it is not known.
    pub fn list<I: Iterator<Item = T>>(&mut self, make: impl FnOnce() -> I) -> &[T] {
        if self.0.is_empty() {
            self.0.extend(make());
        }
        &self.0
    }

    /// Forgets the list if a worker has stopped or come back.
    pub fn notice(&mut self, notice: Notice) {
        if matches!(notice, Notice::Down(_) | Notice::Up(_)) {
            self.0.clear();
        }
    }
}
