//! Rows written as CSV cells straight from their type, without a JSON value between: a million functions are a million rows.
//! The cells are those of [`flatten`](super::csv::flatten), which names the columns; a test compares the two.

use std::fmt::Display;
use std::io;

use csv::Writer;
use serde::Serialize;
use serde::ser::{self, Serializer};

use super::csv::writer;

/// Rows of one table, in memory.
pub(super) struct Cells {
    out: Writer<Vec<u8>>,
}

impl Cells {
    /// An empty table below these columns.
    pub(super) fn below(columns: &[String]) -> csv::Result<Self> {
        let mut out = writer(Vec::new());
        out.write_record(columns)?;
        Ok(Self { out })
    }

    /// One row, which must have as many cells as there are columns.
    pub(super) fn row(&mut self, replication: u32, row: &impl Serialize) -> csv::Result<()> {
        self.out.write_field(replication.to_string())?;
        row.serialize(&mut *self)?;
        self.out.write_record(None::<&[u8]>)
    }

    /// The text, the line of the columns included.
    pub(super) fn text(self) -> io::Result<Vec<u8>> {
        self.out.into_inner().map_err(csv::IntoInnerError::into_error)
    }

    /// A number as JSON writes it.
    fn number(&mut self, number: impl Serialize) -> csv::Result<()> {
        let mut text = [0; 48];
        let mut free = &mut text[..];
        serde_json::to_writer(&mut free, &number).map_err(io::Error::from)?;
        let written = 48 - free.len();
        self.out.write_field(&text[..written])
    }
}

/// Methods of [`Serializer`] that write one cell.
macro_rules! cells {
    ($way:ident: $($method:ident($type:ty)),+) => {
        $(fn $method(self, value: $type) -> csv::Result<()> { cells!(@$way self, value) })+
    };
    (@number $cells:ident, $value:ident) => { $cells.number($value) };
    (@text $cells:ident, $value:ident) => { $cells.out.write_field($value.to_string()) };
}

impl Serializer for &mut Cells {
    type Ok = ();
    type Error = csv::Error;
    type SerializeSeq = Omitted;
    type SerializeTuple = Omitted;
    type SerializeTupleStruct = Omitted;
    type SerializeTupleVariant = Omitted;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    cells!(number: serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64));
    cells!(number: serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64));
    cells!(text: serialize_bool(bool), serialize_char(char));

    fn serialize_f32(self, value: f32) -> csv::Result<()> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> csv::Result<()> {
        if value.is_finite() { self.number(value) } else { self.serialize_unit() }
    }

    fn serialize_str(self, value: &str) -> csv::Result<()> {
        self.out.write_field(value)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> csv::Result<()> {
        self.serialize_str(&value.to_string())
    }

    fn serialize_bytes(self, _: &[u8]) -> csv::Result<()> {
        Ok(())
    }

    fn serialize_none(self) -> csv::Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> csv::Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> csv::Result<()> {
        self.out.write_field("")
    }

    fn serialize_unit_struct(self, _: &'static str) -> csv::Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> csv::Result<()> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> csv::Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> csv::Result<()> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> csv::Result<Omitted> {
        Ok(Omitted)
    }

    fn serialize_tuple(self, _: usize) -> csv::Result<Omitted> {
        Ok(Omitted)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> csv::Result<Omitted> {
        Ok(Omitted)
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> csv::Result<Omitted> {
        Ok(Omitted)
    }

    fn serialize_map(self, _: Option<usize>) -> csv::Result<Self> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> csv::Result<Self> {
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> csv::Result<Self> {
        Ok(self)
    }
}

impl ser::SerializeStruct for &mut Cells {
    type Ok = ();
    type Error = csv::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> csv::Result<()> {
        value.serialize(&mut **self)
    }

    fn end(self) -> csv::Result<()> {
        Ok(())
    }
}

impl ser::SerializeStructVariant for &mut Cells {
    type Ok = ();
    type Error = csv::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> csv::Result<()> {
        value.serialize(&mut **self)
    }

    fn end(self) -> csv::Result<()> {
        Ok(())
    }
}

impl ser::SerializeMap for &mut Cells {
    type Ok = ();
    type Error = csv::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> csv::Result<()> {
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> csv::Result<()> {
        value.serialize(&mut **self)
    }

    fn end(self) -> csv::Result<()> {
        Ok(())
    }
}

/// A list, which has no column.
pub(super) struct Omitted;

macro_rules! omitted {
    ($($kind:ident $method:ident),+) => {
        $(impl ser::$kind for Omitted {
            type Ok = ();
            type Error = csv::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, _: &T) -> csv::Result<()> {
                Ok(())
            }

            fn end(self) -> csv::Result<()> {
                Ok(())
            }
        })+
    };
}

omitted!(SerializeSeq serialize_element, SerializeTuple serialize_element);
omitted!(SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field);
