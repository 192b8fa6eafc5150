//! How much a schema may hold.

use super::*;
use crate::limit::ANSWER_BYTES;

#[test]
fn a_part_takes_room_and_so_does_its_name() {
    let definitions = crate::compile(&crate::system::MemorySystem::default(), &crate::Options::default()).definitions;
    let is_full = |name: &str, part: Json| {
        let mut made =
            SchemaMaker { definitions: &definitions, shape: Json::Null, table: SchemaTable::default(), room: Room::of(1), is_full: false };
        made.insert(name.to_owned(), part);
        made.is_full
    };
    let long = "a".repeat(ANSWER_BYTES + (1 << 16));
    assert!(!is_full("a", json!("a")));
    assert!(is_full(&long, json!("a")));
    assert!(is_full("a", json!(long)));
}
