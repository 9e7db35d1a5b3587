//! The Arrow C stream: the one place with `unsafe`, since the stream of another library comes as a raw pointer in a capsule.
#![allow(unsafe_code)]

use crate::watch::watched;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::ffi::CStr;
use tenantgraph::{Error, ErrorCode};

const NAME: &CStr = c"arrow_array_stream";

/// A batch as a capsule that a consumer of the Arrow PyCapsule interface takes.
pub fn capsule<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Bound<'py, PyCapsule>> {
    let batches = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), NAME)
}

/// The batches of an object with `__arrow_c_stream__`. Read without the interpreter's lock: a producer may need it in a thread of its own.
pub fn batches(data: &Bound<'_, PyAny>) -> PyResult<Vec<RecordBatch>> {
    let capsule = data.call_method0("__arrow_c_stream__")?;
    let capsule =
        capsule.cast_into::<PyCapsule>().map_err(|_| PyTypeError::new_err("`__arrow_c_stream__` gave something that is no capsule"))?;
    let stream = capsule.pointer_checked(Some(NAME))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds a pointer to a stream of the Arrow C stream interface, valid as long as the capsule, which `capsule` keeps
    // alive. The stream is moved out, as the interface allows once; what is left in the capsule is marked released.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) };
    // The words of another library may quote its data.
    let bad = |_| Error::new(ErrorCode::InvalidInput, "the Arrow stream could not be read; give it again as a new table");
    let read = move || RecordBatchStreamReader::try_new(stream)?.collect::<Result<_, _>>();
    watched(data.py(), None, |_| read().map_err(bad))
}
