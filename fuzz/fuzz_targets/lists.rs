#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| soc2_fuzz::lists(bytes));
