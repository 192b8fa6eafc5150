//! The language as JSON Schema, for editors: the kinds, the language's own fields, and the fields of every class that a project can use,
//! its own classes included. It describes one source file. Layers, operators and expressions make it looser than the compiler: what platc
//! takes it never marks.

mod document;
mod names;
mod parts;
mod shared;
#[cfg(test)]
mod tests;

pub use document::JsonSchema;

use super::answer::{Room, too_large};
use super::path::DeadEnd;
use crate::definition::making;
use crate::definition::overriding::OVERRIDE;
use crate::definition::{Class, Definitions};
use crate::name::Kind;
use crate::schema::{json_schema, things_of};
use document::SchemaTable;
use parts::{add, allow_empty, id, identity, map_of, maybe_empty, names, names_of, operators, own, reference, sections};
use serde_json::{Map, Value as Json, json};

/// The JSON Schema (draft 7) of a source file.
///
/// # Errors
/// If the classes are too many or too large for one.
pub fn schema(definitions: &Definitions) -> Result<JsonSchema, DeadEnd> {
    let shape = json_schema(&definitions.language.shape);
    let mut made =
        SchemaMaker { definitions, shape, table: SchemaTable::default(), room: Room::of(definitions.classes.len()), is_full: false };
    made.taken_file();
    made.platform();
    made.environment();
    made.policy();
    made.rule();
    made.capability();
    made.fragment();
    for kind in Kind::ALL {
        for class in made.classes(kind) {
            if !made.is_full {
                made.class(class);
            }
        }
        made.kind(kind);
        made.class_source(kind);
    }
    if made.is_full {
        return Err(too_large("the schema of all classes", "make classes that nobody uses by themselves `abstract`, or split the project"));
    }
    let descriptions = json_schema(&definitions.language.kinds);
    let mut properties = Map::new();
    for (key, described) in descriptions.get("properties").and_then(Json::as_object).into_iter().flatten() {
        let mut property = made.top(key);
        if let (Some(property), Some(text)) = (property.as_object_mut(), described.get("description")) {
            property.insert("description".to_owned(), text.clone());
        }
        properties.insert(key.clone(), property);
    }
    Ok(JsonSchema { properties: Json::Object(properties), definitions: made.table })
}

struct SchemaMaker<'a> {
    definitions: &'a Definitions,
    /// The fields that shape a definition of any kind.
    shape: Json,
    table: SchemaTable,
    room: Room,
    /// Whether there is no room for what would come next.
    is_full: bool,
}

impl<'a> SchemaMaker<'a> {
    fn insert(&mut self, name: String, part: Json) {
        self.is_full |= !self.room.text(name.len()) || !self.room.json(&part);
        if !self.is_full {
            self.table.insert(name, &part);
        }
    }

    /// The classes that things of a kind may have. Of those that are hidden only the pools of the library's clusters have one.
    fn classes(&self, kind: Kind) -> Vec<&'a Class> {
        let all = || self.definitions.classes.iter().map(AsRef::as_ref);
        let has_pools = |class: &Class| all().any(|home| home.node_pool_class.as_ref().is_some_and(|named| named.name == class.full));
        all().filter(|class| class.kind == kind && !class.is_abstract && (!class.is_hidden || has_pools(class))).collect()
    }

    /// Whether a class makes things of a kind.
    fn is_made(&self, kind: Kind) -> bool {
        self.definitions.classes.iter().any(|class| making::entries(class).any(|(made, _)| made == kind))
    }

    /// What stands under a key at the top of a source.
    fn top(&self, key: &str) -> Json {
        match (key, Kind::from_plural(key)) {
            ("platform", _) => reference("platform"),
            ("environments", _) => map_of(&reference("environment"), None),
            ("policies", _) => map_of(&reference("policy"), None),
            ("classes", _) => {
                let words = Kind::ALL.map(|kind| (kind.singular(), format!("{}.class", kind.singular())));
                let words = words.into_iter().chain(["capability", "fragment"].map(|word| (word, word.to_owned())));
                let kinds = words.map(|(word, part)| (word.to_owned(), map_of(&reference(&part), None)));
                json!({ "type": maybe_empty(), "properties": Map::from_iter(kinds), "additionalProperties": false })
            }
            // A service without a class has that of its own name.
            (_, Some(Kind::Service)) => {
                let own = self.classes(Kind::Service).into_iter();
                let own = own.map(|class| (class.name.name.to_string(), reference(&format!("{}.default", id(class)))));
                json!({
                    "type": maybe_empty(),
                    "properties": Map::from_iter(own),
                    "additionalProperties": reference("service"),
                })
            }
            (_, Some(kind)) => map_of(&reference(kind.singular()), None),
            (_, None) => json!({}),
        }
    }

    fn platform(&mut self) {
        let mut platform = json_schema(&self.definitions.language.platform);
        add(&mut platform, "defaults", self.defaults());
        if let Some(platform) = platform.as_object_mut() {
            let description = json_schema(&self.definitions.language.kinds).pointer("/properties/platform/description").cloned();
            platform.extend(description.map(|text| ("description".to_owned(), text)));
        }
        self.insert("platform".to_owned(), platform);
    }

    fn environment(&mut self) {
        let mut environment = json_schema(&self.definitions.language.environment);
        allow_empty(&mut environment);
        add(
            &mut environment,
            "inherits",
            json!({ "type": "string", "description": "The environment whose values hold unless this one says otherwise." }),
        );
        add(&mut environment, "abstract", self.shape("abstract"));
        let mut of_thing = self.shape("identity");
        if let Some(of_thing) = of_thing.as_object_mut() {
            of_thing.extend(identity().as_object().cloned().unwrap_or_default());
        }
        add(&mut environment, "identity", of_thing);
        add(&mut environment, "defaults", self.defaults());
        self.insert("environment".to_owned(), environment);
    }

    fn policy(&mut self) {
        let mut policy = json_schema(&self.definitions.language.policy);
        let description = policy.pointer("/properties/for/description").cloned().unwrap_or_default();
        let kinds = Kind::ALL.map(Kind::singular);
        let about = json!({
            "description": description,
            "anyOf": [
                { "type": "string", "enum": kinds },
                {
                    "type": "object",
                    "properties": { "apiVersion": names(), "kind": names(), "resource": names(), "chart": names() },
                    "additionalProperties": false,
                    "minProperties": 1,
                },
            ],
        });
        add(&mut policy, "for", about);
        if let Some(policy) = policy.as_object_mut() {
            // Policies have no layers: no operators, and all fields are there.
            policy.remove("patternProperties");
            policy.insert("required".to_owned(), json!(["for", "assert", "message"]));
        }
        self.insert("policy".to_owned(), policy);
    }

    /// `defaults`: fields of every definition of a kind.
    fn defaults(&self) -> Json {
        let kinds = Kind::ALL.map(|kind| (kind.plural().to_owned(), reference(&format!("{}.defaults", kind.singular()))));
        json!({
            "description": "Fields of every definition of a kind, weaker than what the definitions say.",
            "type": maybe_empty(),
            "properties": Map::from_iter(kinds),
            "additionalProperties": false,
        })
    }

    /// A class's own text.
    fn class_source(&mut self, kind: Kind) {
        let mut class = json_schema(&self.definitions.language.class);
        allow_empty(&mut class);
        if let Some(rules) = class.pointer_mut("/properties/rules") {
            let description = rules.get("description").cloned().unwrap_or_default();
            *rules = json!({ "description": description, "type": "array", "items": reference("rule") });
        }
        for section in ["inherits", "provider", "provides"] {
            if let Some(section) = class.pointer_mut(&format!("/properties/{section}")).and_then(Json::as_object_mut) {
                section.extend(names().as_object().cloned().unwrap_or_default());
            }
        }
        let declared: Vec<&str> = self.definitions.capabilities.iter().map(|(name, _)| name).collect();
        if let Some(choices) = class.pointer_mut("/properties/provides/anyOf").and_then(Json::as_array_mut).filter(|_| !declared.is_empty())
        {
            // Others may be written too: these are for completion.
            choices.insert(0, json!({ "enum": declared }));
            choices.push(json!({ "type": "array", "items": { "enum": declared } }));
        }
        if kind != Kind::Cluster
            && let Some(properties) = class.pointer_mut("/properties").and_then(Json::as_object_mut)
        {
            properties.remove("nodePoolClass");
        }
        self.insert(format!("{}.class", kind.singular()), class);
    }

    /// Everything about one class: definitions that have it, and their overlays.
    fn class(&mut self, class: &Class) {
        let id = id(class);
        let mut fields = json_schema(&class.type_);
        if let Some(field) = fields.pointer_mut(&format!("/properties/{OVERRIDE}")).and_then(Json::as_object_mut) {
            field.extend(sections().as_object().cloned().unwrap_or_default());
        }
        let mut overlay = fields.clone();
        for (name, property) in overlay.pointer_mut("/properties").and_then(Json::as_object_mut).into_iter().flatten() {
            // Each field is described once, at the definition.
            let name = name.replace('~', "~0").replace('/', "~1");
            *property = json!({ "$ref": format!("#/definitions/{id}/properties/{name}") });
        }
        allow_empty(&mut overlay);
        let mut whole = fields;
        allow_empty(&mut whole);
        let mut of_environment = overlay.clone();
        for (one, of) in [(&mut whole, "definition"), (&mut of_environment, "environment"), (&mut overlay, "cluster")] {
            if class.kind != Kind::Cluster && of != "cluster" {
                add(one, "clusters", map_of(&reference(&format!("{id}.cluster")), self.shape("clusters").get("description")));
            }
            if let Some(kind) = class.kind.inner() {
                let own = class.node_pool_class.as_ref().filter(|_| kind == Kind::NodePool).map_or(kind.singular(), |named| &*named.name);
                add(one, kind.plural(), self.inner(kind, own, of));
                operators(one, kind.plural());
            }
        }
        let mut environments = map_of(&reference(&format!("{id}.environment")), self.shape("environments").get("description"));
        let known = self.definitions.environments.iter();
        let known = known.map(|environment| (environment.name.name.to_string(), reference(&format!("{id}.environment"))));
        if let Some(environments) = environments.as_object_mut() {
            environments.insert("properties".to_owned(), Json::Object(known.collect()));
        }
        add(&mut whole, "environments", environments);
        for field in own() {
            add(&mut whole, field.word(), self.shaping(class.kind, field));
        }
        self.insert(format!("{id}.cluster"), overlay);
        self.insert(format!("{id}.environment"), of_environment);
        self.insert(id.clone(), whole);
        if class.kind == Kind::Service {
            let choice = self.choice(class.kind, Some(class));
            self.insert(format!("{id}.default"), choice);
        }
    }

    /// Definitions of a kind, whatever their class; and what may stand in `defaults` for them.
    fn kind(&mut self, kind: Kind) {
        // Which class the defaults come to depends on the environment, and that of bases on their heirs.
        let default = Some(Kind::Tenant).filter(|tenant| *tenant == kind && !self.has_common(kind));
        let default = default.and_then(|tenant| self.definitions.class(tenant, tenant.singular()));
        let choice = self.choice(kind, default.map(|(_, class)| class));
        let name = self.names_of_classes(kind);
        self.insert(names_of(kind), name);
        let things = self.names_of_things(kind);
        self.insert(things_of(kind), things);
        if kind == Kind::Service {
            let all = self.classes(kind).into_iter().map(|class| self.branch(class)).collect::<Vec<_>>();
            self.insert("classes-of.service".to_owned(), if all.is_empty() { json!({}) } else { json!({ "allOf": all }) });
        }
        self.insert(kind.singular().to_owned(), choice);
        let mut properties: Map<String, Json> = Map::new();
        for class in self.classes(kind) {
            for (name, _) in class.type_.fields() {
                let pointer = name.replace('~', "~0").replace('/', "~1");
                let field = json!({ "$ref": format!("#/definitions/{}/properties/{pointer}", id(class)) });
                // Where classes differ, any of them may be meant.
                match properties.get_mut(name) {
                    None => {
                        properties.insert(name.to_owned(), field);
                    }
                    Some(known) => match known.get_mut("anyOf").and_then(Json::as_array_mut) {
                        Some(choices) => choices.push(field),
                        None => *known = json!({ "anyOf": [known.clone(), field] }),
                    },
                }
            }
        }
        properties.insert("class".to_owned(), reference(&names_of(kind)));
        if let Some(inner) = kind.inner() {
            properties.insert(inner.plural().to_owned(), self.inner(inner, inner.singular(), "definition"));
        }
        let operators = json!({ "[-+=!]$": {} });
        let defaults = json!({
            "type": maybe_empty(),
            "properties": properties,
            "patternProperties": operators,
            "additionalProperties": false,
        });
        self.insert(format!("{}.defaults", kind.singular()), defaults);
    }

    /// What holds for a definition that names a class.
    fn branch(&self, class: &Class) -> Json {
        json!({
            "if": { "type": "object", "required": ["class"], "properties": { "class": { "const": &*class.name.name } } },
            "then": reference(&id(class)),
        })
    }

    /// A definition whose `class` decides what else may stand in it.
    fn choice(&self, kind: Kind, default: Option<&Class>) -> Json {
        let mut branches: Vec<Json> = Vec::new();
        // Each service class has a choice of its own, so the classes stand in that of the kind, once for all.
        let shared = default.is_some() && kind == Kind::Service;
        if shared {
            branches.push(reference("classes-of.service"));
        }
        for class in self.classes(kind).into_iter().filter(|_| !shared) {
            branches.push(self.branch(class));
        }
        let has = |field: &str| json!({ "required": [field] });
        let lacks = |fields: &[&str]| {
            let fields: Vec<Json> = fields.iter().map(|field| has(field)).collect();
            json!({ "not": { "type": "object", "anyOf": fields } })
        };
        if let Some(class) = default {
            branches.push(json!({ "if": lacks(&["class", "inherits"]), "then": reference(&id(class)) }));
        }
        // What is inherited may bring the class along: only the compiler knows which one, unless there is but one.
        if let [only] = self.classes(kind).as_slice() {
            branches.push(json!({ "if": { "allOf": [lacks(&["class"]), has("inherits")] }, "then": reference(&id(only)) }));
        }
        match (default, kind) {
            // Bases leave their class to their heirs.
            (Some(_), _) | (None, Kind::NodePool | Kind::Application) => {}
            // What a class makes has its class from there.
            (None, _) if self.has_common(kind) || self.is_made(kind) => {}
            (None, Kind::Cluster | Kind::Service | Kind::Tenant | Kind::Infrastructure) => {
                branches.push(json!({ "if": lacks(&["class", "inherits", "abstract"]), "then": has("class") }));
            }
        }
        let fields = own().map(|field| (field.word().to_owned(), self.shaping(kind, field)));
        let mut choice = json!({ "type": maybe_empty(), "properties": Map::from_iter(fields) });
        // Of a kind without classes there is nothing to choose, and an empty list is no schema.
        if let Some(choice) = choice.as_object_mut().filter(|_| !branches.is_empty()) {
            choice.insert("allOf".to_owned(), Json::Array(branches));
        }
        choice
    }

    /// What stands under a definition, by name: in the definition, or in an overlay. `own` is the class that it most likely has.
    fn inner(&self, kind: Kind, own: &str, of: &str) -> Json {
        let (own, all) = (self.definitions.class(kind, own), self.classes(kind));
        let suffix = if of == "definition" { String::new() } else { format!(".{of}") };
        let each = |class: &Class| reference(&format!("{}{suffix}", id(class)));
        let one = match (own, all.as_slice()) {
            (Some((_, own)), [_]) => each(own),
            (None, []) => json!({ "type": maybe_empty() }),
            // With several classes, each may have another one.
            (own, all) => {
                let own = own.map(|(_, own)| own);
                let others = all.iter().copied().filter(|class| own.is_none_or(|own| class.full != own.full));
                json!({ "anyOf": own.into_iter().chain(others).map(each).collect::<Vec<_>>() })
            }
        };
        let mut map = map_of(&one, self.shape(kind.plural()).get("description"));
        map.as_object_mut().map(|map| map.insert("patternProperties".to_owned(), json!({ "[-+=!]$": {} })));
        map
    }

    /// Whether `defaults` name a class for things of a kind.
    fn has_common(&self, kind: Kind) -> bool {
        self.definitions.common.classes.iter().any(|common| common.kind == kind)
    }

    fn shape(&self, field: &str) -> Json {
        self.shape.pointer(&format!("/properties/{field}")).cloned().unwrap_or_default()
    }
}
