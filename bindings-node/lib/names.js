'use strict'

/** A name of the crate's JSON as JavaScript writes it: `as_of` becomes `asOf`. */
function camelCase(name) {
  return name.replace(/_[a-z]/g, (part) => part[1].toUpperCase())
}

/** The same, as the name of a type: `relation_kind` becomes `RelationKind`. */
function pascalCase(name) {
  return camelCase(`_${name}`)
}

module.exports = { camelCase, pascalCase }
