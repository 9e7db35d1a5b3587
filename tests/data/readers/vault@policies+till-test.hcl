# CANARY
path "kv/data/test/*" {
  capabilities = ["read", "list"]
}
path "kv/data/test/secret"
{
  capabilities = ["deny"]
  denied_parameters = { "x" = ["CANARY"] }
}
path "auth/approle/role/ci/secret-id" { capabilities = ["update"] }
