//! Several files in one input: each begins with a record separator and its name on a line; what stands before the first is a file too.

use tenantgraph::Input;

const SEPARATOR: u8 = 0x1e;

/// The files of an input.
pub fn files(data: &[u8]) -> Vec<Input> {
    let mut parts = data.split(|byte| *byte == SEPARATOR);
    let first = parts.next().filter(|bytes| !bytes.is_empty()).map(|bytes| Input::new("input", bytes));
    let named = parts.map(|part| {
        let (name, bytes) = part.iter().position(|byte| *byte == b'\n').map_or((part, &[][..]), |end| (&part[..end], &part[end + 1..]));
        Input::new(String::from_utf8_lossy(name), bytes)
    });
    first.into_iter().chain(named).collect()
}
