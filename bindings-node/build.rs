//! Tells the linker that Node resolves the symbols of its own interface.

fn main() {
    napi_build::setup();
}
