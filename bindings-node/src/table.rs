//! [`NativeTable`]: columns over the same rows, which JavaScript takes as typed arrays, each when it is first looked at.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_schema::DataType;
use napi::bindgen_prelude::{Float64Array, Int32Array, Uint8Array, Uint32Array};
use napi_derive::napi;
use std::collections::HashMap;

/// Columns over the same rows.
#[napi(js_name = "Table")]
pub struct NativeTable(RecordBatch);

impl NativeTable {
    /// A table that JavaScript may hold.
    pub fn of(batch: RecordBatch) -> Self {
        NativeTable(batch)
    }
}

/// A column: what is absent does not belong to its form.
#[napi(object, object_from_js = false)]
pub struct NativeColumn {
    /// What the values are.
    #[napi(ts_type = "'text' | 'word' | 'number' | 'flag' | 'instant' | 'list'")]
    pub form: &'static str,
    /// 1 for each row of which something is known; absent where that is every row.
    pub valid: Option<Uint8Array>,
    /// Numbers; of instants the milliseconds since 1970.
    pub numbers: Option<Float64Array>,
    /// 1 for each row that says yes.
    pub flags: Option<Uint8Array>,
    /// The place of each row's word among the words.
    pub codes: Option<Uint32Array>,
    /// The words of a column that has few.
    pub words: Option<Vec<String>>,
    /// Texts after one another, as UTF-8.
    pub bytes: Option<Uint8Array>,
    /// Where each text begins, and the last one ends.
    pub offsets: Option<Int32Array>,
    /// Where the texts of each row's list begin among all, and those of the last one end.
    pub lists: Option<Int32Array>,
}

/// A column of more words than this is text.
const MOST_WORDS: usize = 256;

#[napi]
impl NativeTable {
    /// The number of rows.
    #[napi(getter)]
    pub fn length(&self) -> f64 {
        self.0.num_rows() as f64
    }

    /// The names of the columns.
    #[napi]
    pub fn columns(&self) -> Vec<String> {
        self.0.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// A column by its place.
    #[napi]
    pub fn column(&self, at: u32) -> Option<NativeColumn> {
        self.0.columns().get(at as usize).map(|array| column(array.as_ref()))
    }
}

/// What the values of a column are.
pub fn form(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Dictionary(..) => "word",
        DataType::Int64 | DataType::Float64 => "number",
        DataType::Boolean => "flag",
        DataType::Timestamp(..) => "instant",
        DataType::List(_) => "list",
        _ => "text",
    }
}

fn column(array: &dyn Array) -> NativeColumn {
    let valid = (array.null_count() > 0).then(|| (0..array.len()).map(|at| u8::from(array.is_valid(at))).collect::<Vec<_>>().into());
    let empty = NativeColumn {
        form: form(array.data_type()),
        valid,
        numbers: None,
        flags: None,
        codes: None,
        words: None,
        bytes: None,
        offsets: None,
        lists: None,
    };
    match array.data_type() {
        DataType::Int64 => numbers(empty, array.as_primitive::<Int64Type>().iter().map(|it| it.map(|it| it as f64))),
        DataType::Float64 => numbers(empty, array.as_primitive::<Float64Type>().iter()),
        DataType::Timestamp(..) => {
            let instants = array.as_primitive::<TimestampMicrosecondType>().iter();
            numbers(empty, instants.map(|it| it.map(|it| it as f64 / 1000.0)))
        }
        DataType::Boolean => {
            let flags: Vec<u8> = array.as_boolean().iter().map(|it| u8::from(it == Some(true))).collect();
            NativeColumn { flags: Some(flags.into()), ..empty }
        }
        DataType::Dictionary(..) => words_of(empty, array),
        DataType::List(_) => {
            let lists = array.as_list::<i32>();
            texts(NativeColumn { lists: Some(lists.offsets().to_vec().into()), ..empty }, lists.values().as_string::<i32>())
        }
        DataType::Utf8 => {
            let array = array.as_string::<i32>();
            match coded(array) {
                Some((codes, words)) => NativeColumn { form: "word", codes: Some(codes.into()), words: Some(words), ..empty },
                None => texts(empty, array),
            }
        }
        // The tables of the library hold nothing else.
        _ => texts(empty, &StringArray::from(vec![""; array.len()])),
    }
}

fn numbers(column: NativeColumn, values: impl Iterator<Item = Option<f64>>) -> NativeColumn {
    NativeColumn { numbers: Some(values.map(|value| value.unwrap_or(f64::NAN)).collect::<Vec<_>>().into()), ..column }
}

/// A column that comes as a dictionary of words.
fn words_of(column: NativeColumn, array: &dyn Array) -> NativeColumn {
    let dictionary = array.as_any_dictionary();
    let codes: Vec<u32> = dictionary.normalized_keys().into_iter().map(|key| key as u32).collect();
    let words = dictionary.values().as_string::<i32>().iter().map(|word| word.unwrap_or_default().to_owned()).collect();
    NativeColumn { codes: Some(codes.into()), words: Some(words), ..column }
}

/// The codes and the words of a column that has few.
fn coded(array: &StringArray) -> Option<(Vec<u32>, Vec<String>)> {
    let mut words: HashMap<&str, u32> = HashMap::new();
    let mut codes = Vec::with_capacity(array.len());
    for text in array {
        let Some(text) = text else {
            codes.push(0);
            continue;
        };
        let next = words.len() as u32;
        codes.push(*words.entry(text).or_insert(next));
        if words.len() > MOST_WORDS {
            return None;
        }
    }
    let mut listed = vec![String::new(); words.len()];
    words.into_iter().for_each(|(word, code)| listed[code as usize] = word.to_owned());
    Some((codes, listed))
}

fn texts(column: NativeColumn, array: &StringArray) -> NativeColumn {
    let offsets = array.offsets();
    let (first, last) = (offsets[0], offsets[array.len()]);
    let bytes = array.value_data()[first as usize..last as usize].to_vec();
    let offsets: Vec<i32> = offsets.iter().map(|offset| offset - first).collect();
    NativeColumn { bytes: Some(bytes.into()), offsets: Some(offsets.into()), ..column }
}
