//! Damaged files, for tests of every reader.

use proptest::prelude::*;
use proptest::sample::Index;

/// One change of a file.
#[derive(Debug, Clone)]
pub enum Damage {
    Cut(Index),
    Drop(Index),
    Change(Index, u8),
    Insert(Index, String),
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let room = bytes.len() + 1;
        match self {
            Self::Cut(at) => bytes.truncate(at.index(room)),
            Self::Drop(at) if !bytes.is_empty() => _ = bytes.remove(at.index(room - 1)),
            Self::Change(at, byte) if !bytes.is_empty() => bytes[at.index(room - 1)] = *byte,
            Self::Drop(_) | Self::Change(..) => (),
            Self::Insert(at, text) => _ = bytes.splice(at.index(room)..at.index(room), text.bytes()),
        }
    }
}

/// `valid` with a few changes, or bytes that have nothing to do with it.
pub fn damaged(valid: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let change = prop_oneof![
        1 => any::<Index>().prop_map(Damage::Cut),
        4 => any::<Index>().prop_map(Damage::Drop),
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Change(at, byte)),
        4 => (any::<Index>(), "[-0-9eE.,\"\r\n]{1,12}").prop_map(|(at, text)| Damage::Insert(at, text)),
    ];
    let mutated = prop::collection::vec(change, 0..4).prop_map(move |changes| {
        let mut bytes = valid.as_bytes().to_vec();
        changes.iter().for_each(|change| change.apply(&mut bytes));
        bytes
    });
    prop_oneof![8 => mutated, 1 => any::<Vec<u8>>(), 1 => any::<Vec<u8>>().prop_map(|rest| [vec![0x1f, 0x8b], rest].concat())]
}
