//! Mutations that leave JSON JSON: bytes that are flipped one by one seldom come past the parser.

use serde_json::{Map, Value};

/// The input with one JSON document or line of it changed; nothing where the bytes are better changed as bytes, or where the result would be too long.
pub fn mutated(data: &[u8], most: usize, seed: u32) -> Option<Vec<u8>> {
    let mut random = Random(u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    if random.below(4) == 0 {
        return None;
    }
    let text = std::str::from_utf8(data).ok()?;
    let (start, end, mut value) = document(text, &mut random)?;
    let donor = value.clone();
    for _ in 0..=random.below(3) {
        change(&mut value, &donor, &mut random);
    }
    let mut result = data[..start].to_vec();
    serde_json::to_writer(&mut result, &value).ok()?;
    result.extend_from_slice(&data[end..]);
    (result.len() <= most).then_some(result)
}

/// A file that is a JSON document, or a line that is one, and where it stands.
fn document(text: &str, random: &mut Random) -> Option<(usize, usize, Value)> {
    let files: Vec<(usize, &str)> = spans(text, '\u{1e}').collect();
    let (at, file) = *random.pick(&files)?;
    let body = if at == 0 { 0 } else { file.find('\n')? + 1 };
    let (start, file) = (at + body, &file[body..]);
    if let Ok(value) = serde_json::from_str(file) {
        return Some((start, start + file.len(), value));
    }
    let lines: Vec<(usize, &str)> = spans(file, '\n').filter(|(_, line)| line.len() > 1).collect();
    let (line_at, line) = *random.pick(&lines)?;
    Some((start + line_at, start + line_at + line.len(), serde_json::from_str(line).ok()?))
}

/// The parts between separators, and where they begin.
fn spans(text: &str, separator: char) -> impl Iterator<Item = (usize, &str)> {
    text.split(separator).map(move |part| (part.as_ptr() as usize - text.as_ptr() as usize, part))
}

/// Changes one node: it goes, comes twice, becomes of another type, or what stands elsewhere.
fn change(value: &mut Value, donor: &Value, random: &mut Random) {
    let target = random.below(count(value));
    let Some(node) = node(value, &mut { target }) else { return };
    match (random.below(7), node) {
        (0 | 1, Value::Array(items)) if !items.is_empty() => {
            let item = items[random.below(items.len())].clone();
            (0..=random.below(4)).for_each(|_| items.push(item.clone()));
        }
        (2, Value::Array(items)) if !items.is_empty() => drop(items.remove(random.below(items.len()))),
        (0..=2, Value::Object(fields)) if !fields.is_empty() => {
            let key = fields.keys().nth(random.below(fields.len())).cloned().unwrap_or_default();
            fields.remove(&key);
        }
        (3, node) => *node = odd(random),
        (4, Value::String(text)) => *text = odd_text(text, random),
        (_, node) => {
            let mut donor = donor.clone();
            let other = random.below(count(&donor));
            *node = self::node(&mut donor, &mut { other }).map(Value::take).unwrap_or_default();
        }
    }
}

fn odd(random: &mut Random) -> Value {
    let odds = [
        Value::Null,
        Value::Bool(true),
        Value::from(0),
        Value::from(-1),
        Value::from(u64::MAX),
        Value::from(1e300),
        Value::from(""),
        Value::from("*"),
        Value::from("9999-12-31T23:59:59Z"),
        Value::from("${{ github.actor }}"),
        Value::Array(Vec::new()),
        Value::Array(vec![Value::Array(vec![Value::Null]); 3]),
        Value::Object(Map::new()),
    ];
    odds[random.below(odds.len())].clone()
}

fn odd_text(text: &str, random: &mut Random) -> String {
    let at = text.char_indices().map(|(at, _)| at).nth(random.below(text.chars().count().max(1))).unwrap_or(0);
    match random.below(6) {
        0 => text[..at].to_owned(),
        1 => text[at..].to_owned(),
        2 => format!("{}*{}", &text[..at], &text[at..]),
        3 => format!("{text}{text}"),
        4 => text.to_uppercase(),
        _ => format!("{}\u{202e}/:@#{}", &text[..at], &text[at..]),
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// The node of a number, counted from the top.
fn node<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| node(item, left)),
        Value::Object(fields) => fields.values_mut().find_map(|field| node(field, left)),
        _ => None,
    }
}

/// A xorshift generator: the same seed, the same mutation.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { Some(&from[self.below(from.len())]) }
    }
}
