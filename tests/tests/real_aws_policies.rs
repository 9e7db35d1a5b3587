//! Real outputs of IAM, where they are at hand: the policies, statements, attachments, memberships and trusts of every file are counted from its JSON
//! without the reader, the table states them, and what the reader makes is held to them. Who can be what is in `real_aws.rs`.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;
use tenantgraph::model::RelationKind;
use tenantgraph::{Estate, Input, ReadOptions, read};

/// A file; principals with their policies and memberships in groups; inline policies and their statements; attachments, the policies that are attached and
/// those of them that are in the file; managed policies, their versions and the statements in force; trusts and their statements.
type Row = (&'static str, [usize; 2], [usize; 2], [usize; 3], [usize; 3], [usize; 2]);

#[rustfmt::skip]
const FILES: &[Row] = &[
    ("aws-cli__iam-get-account-authorization-details.json", [7, 3], [2, 2], [4, 4, 0], [3, 3, 6], [2, 2]),
    ("aws-cli__iam-list-roles.json", [0, 0], [0, 0], [0, 0, 0], [0, 0, 0], [2, 2]),
    ("cartography__aws-iam-roles.json", [0, 0], [0, 0], [0, 0, 0], [0, 0, 0], [3, 5]),
    ("cartography__aws-iam-user_policies.json", [0, 0], [0, 0], [0, 0, 0], [0, 0, 0], [3, 5]),
    ("cartography__aws-iam.json", [0, 0], [0, 0], [0, 0, 0], [0, 0, 0], [6, 6]),
    ("cloudsplaining__example-authz-details.json", [8, 3], [6, 6], [5, 4, 4], [32, 33, 88], [4, 4]),
    ("cloudsplaining__example.json", [127, 6], [39, 135], [106, 59, 59], [84, 85, 179], [80, 80]),
    ("cloudsplaining__example_authz_details_for_overrides.json", [0, 0], [0, 0], [0, 0, 0], [1, 1, 2], [0, 0]),
    ("cloudsplaining__example_authz_details_for_overrides_complete.json", [4, 1], [2, 2], [4, 3, 3], [3, 3, 4], [2, 2]),
    ("cloudsplaining__example_authz_v2.json", [4, 1], [2, 2], [1, 1, 0], [2, 2, 3], [2, 2]),
    ("cloudsplaining__managed_policy_mismatch.json", [1, 0], [0, 0], [1, 1, 0], [1, 2, 2], [0, 0]),
    // A report of findings: its trusts stand beside a policy, on no role, and are skipped with it.
    ("cloudsplaining__test_authorization_file_details_missing_constraints_v2.json", [0, 0], [0, 0], [0, 0, 0], [0, 0, 0], [2, 2]),
];

/// The folder of the outputs; `None`, said loudly, where the data is not at hand.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TENANTGRAPH_REAL_DATA").map(|folder| PathBuf::from(folder).join("aws"));
    if folder.is_none() {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose aws/ holds outputs of AWS");
    }
    folder
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    entries.map(|name| name.to_string_lossy().into_owned()).collect()
}

fn text(folder: &std::path::Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|_| panic!("{name} can be read"))
}

fn estate(folder: &std::path::Path, name: &str) -> Estate {
    let input = Input::new(name, text(folder, name)).format("aws");
    read(&[input], &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What an output holds of policies.
#[derive(Default)]
struct Counted {
    detailed: usize,
    members: BTreeSet<(String, String)>,
    inline: [usize; 2],
    attachments: usize,
    attached: BTreeSet<String>,
    in_force: BTreeSet<String>,
    managed: [usize; 3],
    trusts: [usize; 2],
}

/// The elements of a list; one element may stand without its list.
fn elements(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(elements) => elements.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Counted {
    fn of(value: &Value) -> Counted {
        let mut counted = Counted::default();
        counted.walk(value);
        counted
    }

    fn walk(&mut self, value: &Value) {
        if value.is_object() {
            self.object(value);
        }
        match value {
            Value::Object(fields) => fields.values().for_each(|inner| self.walk(inner)),
            Value::Array(elements) => elements.iter().for_each(|inner| self.walk(inner)),
            _ => {}
        }
    }

    fn object(&mut self, object: &Value) {
        let lists = ["UserDetailList", "RoleDetailList", "GroupDetailList"];
        self.detailed += lists.iter().map(|list| elements(&object[*list]).len()).sum::<usize>();
        self.members.extend(elements(&object["GroupList"]).iter().map(|group| (string(&object["Arn"]), string(group))));
        for policy in ["UserPolicyList", "RolePolicyList", "GroupPolicyList"].iter().flat_map(|list| elements(&object[*list])) {
            self.inline[0] += 1;
            self.inline[1] += elements(&policy["PolicyDocument"]["Statement"]).len();
        }
        let attached = elements(&object["AttachedManagedPolicies"]);
        self.attachments += attached.len();
        self.attached.extend(attached.iter().map(|attached| string(&attached["PolicyArn"])));
        self.attached.extend(object["PermissionsBoundary"]["PermissionsBoundaryArn"].as_str().map(str::to_owned));
        for policy in elements(&object["Policies"]).into_iter().filter(|policy| policy["PolicyVersionList"].is_array()) {
            let versions = elements(&policy["PolicyVersionList"]);
            self.managed[0] += 1;
            self.managed[1] += versions.len();
            for version in versions.into_iter().filter(|version| version["IsDefaultVersion"] == Value::Bool(true)) {
                self.managed[2] += elements(&version["Document"]["Statement"]).len();
                self.in_force.insert(string(&policy["Arn"]));
            }
        }
        if object["AssumeRolePolicyDocument"].is_object() {
            self.trusts[0] += 1;
            self.trusts[1] += elements(&object["AssumeRolePolicyDocument"]["Statement"]).len();
        }
    }
}

#[test]
fn every_file_holds_what_was_counted_by_other_means() {
    let Some(folder) = folder() else { return };
    let mut seen = 0;
    for name in names(&folder) {
        let counted = Counted::of(&serde_json::from_str(&text(&folder, &name)).unwrap_or_else(|error| panic!("{name}: {error}")));
        let there = counted.attached.intersection(&counted.in_force).count();
        let found = (
            [counted.detailed, counted.members.len()],
            counted.inline,
            [counted.attachments, counted.attached.len(), there],
            counted.managed,
            counted.trusts,
        );
        let row = FILES.iter().find(|(listed, ..)| *listed == name);
        seen += usize::from(row.is_some());
        // A file that is not in the table holds nothing of all this.
        let wanted = row.map_or_else(Default::default, |(_, detailed, inline, attached, managed, trusts)| {
            (*detailed, *inline, *attached, *managed, *trusts)
        });
        assert_eq!(found, wanted, "{name}");
    }
    assert_eq!(seen, FILES.len());
}

#[test]
fn what_was_counted_is_what_is_read() {
    let Some(folder) = folder() else { return };
    for (name, [detailed, members], _, [_, attached, there], ..) in FILES {
        let estate = estate(&folder, name);
        let coverage = |topic: &str| {
            let found = estate.reading().coverage.iter().find(|coverage| coverage.topic == topic);
            found.map_or([0, 0], |found| [found.known as usize, found.total as usize])
        };
        assert_eq!(coverage("aws_policies")[0], *detailed, "{name}: principals with their policies");
        let [known, total] = coverage("aws_managed_policies");
        assert_eq!(total, *attached, "{name}: policies that are attached");
        // What AWS manages itself is known by its own table too, where the file leaves it out.
        assert!(known >= *there && known <= total, "{name}: {known} of {total} are known, {there} are in the file");
        // A member to whom a policy of its own denies something is judged by itself, so that its membership conducts nothing.
        let kinds = [RelationKind::MemberOf, RelationKind::Unmapped];
        let of_groups =
            estate.relations().filter(|relation| kinds.contains(&relation.kind()) && relation.permission() == Some("group membership"));
        assert_eq!(of_groups.count(), *members, "{name}: memberships");
    }
}

/// A policy that nobody in the file has says nothing, and that is said; so do versions of a secret that no list describes.
#[test]
fn what_stands_alone_is_said() {
    let Some(folder) = folder() else { return };
    for (name, topic, total) in [
        ("cloudsplaining__example_authz_details_for_overrides.json", "aws_policies_held", 1),
        ("cloudsplaining__managed_policy_mismatch.json", "aws_policies_held", 1),
        ("aws-cli__secretsmanager-list-secret-version-ids.json", "aws_secret_versions", 1),
    ] {
        let estate = estate(&folder, name);
        let found = estate.reading().coverage.iter().find(|coverage| coverage.topic == topic).unwrap_or_else(|| panic!("{name}"));
        assert_eq!((found.known, found.total), (0, total), "{name}");
    }
}
