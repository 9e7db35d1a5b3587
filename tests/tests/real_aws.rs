//! Real outputs of AWS and of the tools that gather them, where they are at hand: what a file lists is counted in its JSON without the reader and is
//! what was read, and what is skipped has its reason. Of the account that was built to be taken, the principals that are named for a way are taken in
//! that way; what else they can take was looked through once and is listed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use tenantgraph::estate::EntityRef;
use tenantgraph::model::{Certainty, EntityType, Instant, RelationKind};
use tenantgraph::{Estate, Input, ReadOptions, read};

/// The folder of the outputs; `None`, said loudly, where the data is not at hand.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TENANTGRAPH_REAL_DATA").map(|folder| PathBuf::from(folder).join("aws"));
    if folder.is_none() {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose aws/ holds outputs of AWS");
    }
    folder
}

fn estate(folder: &std::path::Path, name: &str) -> Estate {
    let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|_| panic!("{name} can be read"));
    read(&[Input::new(name, bytes).format("aws")], &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

const NO_KEY: &str = "the last use of a key that it does not name";
const NO_REPORT: &str = "the credential report has no content";
const NO_DOCUMENT: &str = "a policy document that is not valid JSON";
const BARE: &str = "a policy on its own says neither who holds it nor what it stands on";
/// Said once a record, however many members stand there.
const BESIDE: &str = "stands beside outputs of AWS";
const WHOSE: &str = "last accessed services that do not say whose";

/// Each file: its tenants, identities, secrets, resources, and why something of it was skipped.
const FILES: &[(&str, [usize; 4], &[&str])] = &[
    ("aws-cli__iam-get-access-key-last-used.json", [0, 0, 0, 0], &[NO_KEY]),
    ("aws-cli__iam-get-account-authorization-details.json", [1, 7, 0, 1], &[]),
    ("aws-cli__iam-get-credential-report.json", [0, 0, 0, 0], &[NO_REPORT]),
    ("aws-cli__iam-get-role.json", [1, 1, 0, 0], &[NO_DOCUMENT]),
    ("aws-cli__iam-list-access-keys.json", [0, 1, 2, 0], &[]),
    ("aws-cli__iam-list-roles.json", [1, 2, 0, 0], &[]),
    ("aws-cli__organizations-list-accounts-for-parent.json", [5, 0, 0, 0], &[]),
    ("aws-cli__organizations-list-accounts.json", [6, 0, 0, 0], &[]),
    ("aws-cli__organizations-list-roots.json", [2, 0, 0, 0], &[]),
    ("aws-cli__secretsmanager-describe-secret.json", [1, 0, 1, 0], &[]),
    ("aws-cli__secretsmanager-list-secret-version-ids.json", [0, 0, 0, 0], &[]),
    ("aws-cli__secretsmanager-list-secrets.json", [1, 0, 3, 0], &[]),
    // The same four keys once more, under the ARNs of their users.
    ("cartography__aws-iam-access_keys.json", [0, 3, 4, 0], &[BESIDE]),
    ("cartography__aws-iam-roles.json", [0, 6, 0, 0], &[]),
    // Statements under the ARNs of users and roles: a form of cartography's own.
    ("cartography__aws-iam-user_policies.json", [0, 9, 0, 0], &[BESIDE]),
    // Memberships under the ARNs of groups, statements on nothing, and the list of SAML providers, whose roles' trusts name them.
    ("cartography__aws-iam.json", [1, 13, 0, 0], &[WHOSE, BESIDE]),
    ("cloudsplaining__example-authz-details.json", [1, 8, 0, 1], &[]),
    ("cloudsplaining__example.json", [3, 130, 0, 3], &[]),
    ("cloudsplaining__example_authz_details_for_overrides.json", [0, 0, 0, 0], &[]),
    ("cloudsplaining__example_authz_details_for_overrides_complete.json", [1, 4, 0, 1], &[]),
    ("cloudsplaining__example_authz_v2.json", [1, 4, 0, 0], &[]),
    ("cloudsplaining__managed_policy_mismatch.json", [1, 1, 0, 0], &[]),
    ("cloudsplaining__policy-overrides.json", [0, 0, 0, 0], &[BARE]),
    ("cloudsplaining__test_authorization_file_details_missing_constraints_v2.json", [0, 0, 0, 0], &[BARE, BARE, BARE, BARE]),
    ("managed-kubernetes-auditing-toolkit__allow_assume_by_ec2.json", [0, 0, 0, 0], &[BARE]),
    ("managed-kubernetes-auditing-toolkit__allow_oidc_with_condition.json", [0, 0, 0, 0], &[BARE]),
    ("managed-kubernetes-auditing-toolkit__eks_irsa.json", [0, 0, 0, 0], &[BARE]),
    ("managed-kubernetes-auditing-toolkit__eks_irsa_stringlike.json", [0, 0, 0, 0], &[BARE]),
];

#[test]
fn every_file_is_read_and_the_counts_are_right() {
    let Some(folder) = folder() else { return };
    let there: BTreeSet<String> = std::fs::read_dir(&folder)
        .expect("the folder")
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    let listed: BTreeSet<String> = FILES.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(there, listed, "every file is in the table");
    for (name, counts, reasons) in FILES {
        let estate = estate(&folder, name);
        let count = |kind| estate.entities().iter().filter(|entity: &EntityRef<'_>| entity.entity_type() == kind).count();
        let found = [EntityType::Tenant, EntityType::Identity, EntityType::Secret, EntityType::Resource].map(count);
        assert_eq!(found, *counts, "{name}");
        let skipped = &estate.reading().skipped;
        assert_eq!(skipped.len(), reasons.len(), "{name}: {skipped:?}");
        assert!(skipped.iter().zip(*reasons).all(|(skipped, reason)| skipped.reason.starts_with(reason)), "{name}: {skipped:?}");
        assert!(estate.reading().conflicts.is_empty(), "{name}");
    }
}

/// What an output names, found without the reader: by what an object has, wherever it stands.
#[derive(Default)]
struct NamedIn {
    principals: BTreeSet<String>,
    profiles: BTreeSet<String>,
    keys: BTreeSet<String>,
    secrets: BTreeSet<String>,
    accounts: BTreeSet<String>,
}

fn named_in(value: &serde_json::Value, named: &mut NamedIn) {
    let serde_json::Value::Object(fields) = value else {
        return value.as_array().into_iter().flatten().for_each(|inner| named_in(inner, named));
    };
    let text = |name: &str| fields.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let has = |name: &str| fields.contains_key(name);
    let arn = text("Arn");
    if [":user/", ":role/", ":group/"].iter().any(|kind| arn.contains(kind)) && (has("UserId") || has("RoleId") || has("GroupId")) {
        named.principals.insert(arn.clone());
    }
    if arn.contains(":instance-profile/") {
        named.profiles.insert(arn.clone());
    }
    if arn.contains(":account/o-") {
        named.accounts.insert(text("Id"));
    }
    if has("AccessKeyId") && has("Status") {
        named.keys.insert(text("AccessKeyId"));
    }
    if text("ARN").contains(":secretsmanager:") && has("Name") && !has("Versions") {
        named.secrets.insert(text("ARN"));
    }
    fields.values().for_each(|inner| named_in(inner, named));
}

/// Counted from the files themselves: everything that they list is there, and nothing else but what a policy names.
#[test]
fn what_the_files_list_is_what_was_read() {
    let Some(folder) = folder() else { return };
    let mut total = [0; 5];
    for (name, ..) in FILES {
        let text = std::fs::read_to_string(folder.join(name)).expect("the file");
        let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else { continue };
        let mut named = NamedIn::default();
        named_in(&value, &mut named);
        let estate = estate(&folder, name);
        let of = |kind| -> BTreeSet<&str> { estate.entities().iter().filter(|it| it.entity_type() == kind).map(|it| it.id()).collect() };
        let (tenants, identities, secrets, resources) =
            (of(EntityType::Tenant), of(EntityType::Identity), of(EntityType::Secret), of(EntityType::Resource));
        let missing = |all: &BTreeSet<String>, read: &BTreeSet<&str>| -> Vec<String> {
            all.iter().filter(|id| !read.contains(id.as_str())).cloned().collect()
        };
        assert_eq!(missing(&named.principals, &identities), Vec::<String>::new(), "{name}: principals");
        assert_eq!(missing(&named.profiles, &resources), Vec::<String>::new(), "{name}: instance profiles");
        assert_eq!(missing(&named.secrets, &secrets), Vec::<String>::new(), "{name}: secrets");
        assert_eq!(missing(&named.keys, &secrets), Vec::<String>::new(), "{name}: access keys");
        let of_members: BTreeSet<String> = named.accounts.iter().map(|number| format!("arn:aws:iam::{number}:root")).collect();
        assert_eq!(missing(&of_members, &tenants), Vec::<String>::new(), "{name}: accounts");
        // Who was not listed is somebody whom a policy lets in, or the user of a key whom nobody describes: the file names them.
        let part = |id: &str| {
            let id = id.trim_start_matches("https://").split('#').next().unwrap_or_default().to_owned();
            id.trim_start_matches("arn:aws:iam:::user/").trim_end_matches(":*").rsplit(':').next().unwrap_or_default().to_owned()
        };
        let invented: Vec<&&str> =
            identities.iter().filter(|id| !named.principals.contains(**id) && !id.contains(":root") && !text.contains(&part(id))).collect();
        assert!(invented.iter().all(|id| id.starts_with("arn:aws:iam::*")), "{name}: {invented:?}");
        let counts = [&named.principals, &named.profiles, &named.keys, &named.secrets, &named.accounts].map(BTreeSet::len);
        total.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
    }
    assert!(total[0] > 150 && total[1] > 3 && total[2] > 4 && total[3] > 2 && total[4] > 5, "{total:?}");
}

/// The account that was built to be taken.
const BUILT: &str = "cloudsplaining__example.json";
const ACCOUNT: &str = "arn:aws:iam::200611803367:";

/// How a principal comes further: the kind of relation, the first action that it needs, and whether it is proven; those of its groups too.
fn ways(estate: &Estate, principal: &str) -> BTreeSet<(RelationKind, String, Certainty)> {
    let Some(index) = estate.find(principal) else { panic!("{principal}") };
    let mut ways = BTreeSet::new();
    for relation in estate.relations_from(index) {
        match relation.kind() {
            RelationKind::MemberOf => ways.extend(self::ways(estate, estate.entity(relation.to()).id())),
            RelationKind::Assumes | RelationKind::Manages | RelationKind::Administers => {
                let permission = relation.permission().unwrap_or_default();
                ways.extend(permission.split(" | ").map(|way| (relation.kind(), way.to_owned(), relation.certainty())));
            }
            _ => {}
        }
    }
    ways
}

/// Principals that are named for a way, and what of its permission must show. A user and a role of each name.
const FOUND: &[(&str, &str)] = &[
    ("fn1-privesc3-partial", "iam:PassRole + ec2:RunInstances"),
    ("fn2-exploitableResourceConstraint", "iam:CreatePolicyVersion"),
    ("fn3-exploitableConditionConstraint", "iam:CreatePolicyVersion"),
    ("fn4-exploitableNotAction", "iam:Put"),
    ("privesc-CloudFormationUpdateStack", "cloudformation:UpdateStack"),
    ("privesc-codeBuildCreateProjectPassRole", "iam:PassRole + codebuild:CreateProject + codebuild:StartBuild"),
    ("privesc-ec2InstanceConnect", "ec2-instance-connect:SendSSHPublicKey"),
    ("privesc-sageMakerCreateNotebookPassRole", "iam:PassRole + sagemaker:CreateNotebookInstance"),
    ("privesc-sageMakerCreatePresignedNotebookURL", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    ("privesc-sageMakerCreateProcessingJobPassRole", "iam:PassRole + sagemaker:CreateProcessingJob"),
    ("privesc-sageMakerCreateTrainingJobPassRole", "iam:PassRole + sagemaker:CreateTrainingJob"),
    ("privesc-sre", "iam:PassRole + ec2:RunInstances"),
    ("privesc-ssmSendCommand", "ssm:SendCommand"),
    ("privesc-ssmStartSession", "ssm:StartSession"),
    ("privesc1-CreateNewPolicyVersion", "iam:CreatePolicyVersion"),
    ("privesc2-SetExistingDefaultPolicyVersion", "iam:SetDefaultPolicyVersion"),
    ("privesc3-CreateEC2WithExistingInstanceProfile", "iam:PassRole + ec2:RunInstances"),
    ("privesc4-CreateAccessKey", "iam:CreateAccessKey"),
    ("privesc5-CreateLoginProfile", "iam:CreateLoginProfile"),
    ("privesc6-UpdateLoginProfile", "iam:UpdateLoginProfile"),
    ("privesc14-UpdatingAssumeRolePolicy", "iam:UpdateAssumeRolePolicy"),
    ("privesc15-PassExistingRoleToNewLambdaThenInvoke", "iam:PassRole + lambda:CreateFunction + lambda:InvokeFunction"),
    ("privesc16-PassRoleToNewLambdaThenTriggerWithNewDynamo", "iam:PassRole + lambda:CreateFunction + lambda:CreateEventSourceMapping"),
    ("privesc17-EditExistingLambdaFunctionWithRole", "lambda:UpdateFunctionCode"),
    ("privesc18-PassExistingRoleToNewGlueDevEndpoint", "iam:PassRole + glue:CreateDevEndpoint"),
    ("privesc19-UpdateExistingGlueDevEndpoint", "glue:UpdateDevEndpoint"),
    ("privesc20-PassExistingRoleToCloudFormation", "iam:PassRole + cloudformation:CreateStack"),
    ("privesc21-PassExistingRoleToNewDataPipeline", "iam:PassRole + datapipeline:CreatePipeline"),
];

/// Ways that only a user or only a role can go, by the name of the one that can.
const FOUND_ONE: &[(&str, &str)] = &[
    ("user/privesc7-AttachUserPolicy-user", "iam:AttachUserPolicy"),
    ("user/privesc8-AttachGroupPolicy-user", "iam:AttachGroupPolicy"),
    ("role/privesc9-AttachRolePolicy-role", "iam:AttachRolePolicy"),
    ("user/privesc10-PutUserPolicy-user", "iam:PutUserPolicy"),
    ("user/privesc11-PutGroupPolicy-user", "iam:PutGroupPolicy"),
    ("role/privesc12-PutRolePolicy-role", "iam:PutRolePolicy"),
    ("user/privesc13-AddUserToGroup-user", "iam:AddUserToGroup"),
    ("role/privesc-AssumeRole-starting-role", "sts:AssumeRole"),
    ("role/privesc-AssumeRole-intermediate-role", "sts:AssumeRole"),
    // Where ways end: these command the account.
    ("role/privesc-AssumeRole-ending-role", "*"),
    ("role/privesc-high-priv-service-role", "*"),
];

/// Principals that bear the name of a way and go none, with the reason.
const MISSED: &[(&str, &str)] = &[
    ("role/privesc7-AttachUserPolicy-role", "a policy of a user does not strengthen a role, and it may take no user"),
    ("role/privesc8-AttachGroupPolicy-role", "a role is in no group"),
    (
        "user/privesc9-AttachRolePolicy-user",
        "a policy of a role does not strengthen a user, and no role may be assumed or trusted anew by it",
    ),
    ("role/privesc10-PutUserPolicy-role", "a policy of a user does not strengthen a role, and it may take no user"),
    ("role/privesc11-PutGroupPolicy-role", "a role is in no group"),
    (
        "user/privesc12-PutRolePolicy-user",
        "a policy of a role does not strengthen a user, and no role may be assumed or trusted anew by it",
    ),
    ("role/privesc13-AddUserToGroup-role", "a role is in no group, and it may take no user"),
    ("user/privesc-AssumeRole-start-user", "no policy lets it assume a role and no role trusts it by name"),
    ("role/privesc-permissive-role-trust", "it is what others take; it has no policy"),
];

#[test]
fn the_built_account_is_taken_as_its_names_say_and_in_no_other_way() {
    let Some(folder) = folder() else { return };
    let estate = estate(&folder, BUILT);
    let pairs = FOUND.iter().flat_map(|(name, way)| [(format!("user/{name}-user"), *way), (format!("role/{name}-role"), *way)]);
    let found: BTreeMap<String, &str> = pairs.chain(FOUND_ONE.iter().map(|(name, way)| ((*name).to_owned(), *way))).collect();
    let mut wrong = Vec::new();
    for (name, way) in &found {
        let ways = ways(&estate, &format!("{ACCOUNT}{name}"));
        if !ways.iter().any(|(_, permission, _)| permission.starts_with(way)) {
            wrong.push(format!("missed: {name} by {way}, found {ways:?}"));
        }
    }
    for (name, _) in MISSED {
        let ways = ways(&estate, &format!("{ACCOUNT}{name}"));
        if !ways.is_empty() {
            wrong.push(format!("extra: {name} by {ways:?}"));
        }
    }
    let named: Vec<String> = estate.entities().iter().filter_map(|it| it.id().strip_prefix(ACCOUNT).map(str::to_owned)).collect();
    // What is named for a way that does not work goes none.
    for name in named.iter().filter(|name| name.contains("/fp")) {
        let ways = ways(&estate, &format!("{ACCOUNT}{name}"));
        if !ways.is_empty() {
            wrong.push(format!("extra: {name} by {ways:?}"));
        }
    }
    // And whatever is named for one was looked at.
    let is_named =
        |name: &&String| (name.starts_with("user/") || name.starts_with("role/")) && (name.contains("/privesc") || name.contains("/fn"));
    let seen = |name: &str| found.contains_key(name) || MISSED.iter().any(|(missed, _)| *missed == name);
    wrong.extend(named.iter().filter(is_named).filter(|name| !seen(name)).map(|name| format!("not looked at: {name}")));
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whoever is named for one way goes no other: of a user and a role that hold one policy, every way needs an action of that policy.
#[test]
fn no_way_of_the_built_account_is_extra() {
    let Some(folder) = folder() else { return };
    let estate = estate(&folder, BUILT);
    // Beside the way of their name, and why. The policy of `fn4` allows all but three families of actions of IAM. That of `privesc14` holds `sts:AssumeRole`
    // too. That of `sre` holds all of IAM and EC2: every way through a policy's versions and a new instance, spot or not. That of `codeBuild…` holds both ways to start a build by name, and a project that is there already runs as its role.
    let also: BTreeMap<&str, &[&str]> = BTreeMap::from([
        (
            "fn4-exploitableNotAction",
            &["iam:", "cloudformation:", "lambda:", "ec2:", "ssm:", "glue:", "codebuild:", "sagemaker:", "ecs:"][..],
        ),
        ("privesc14-UpdatingAssumeRolePolicy", &["sts:AssumeRole"][..]),
        ("privesc-sre", &["iam:CreatePolicyVersion", "iam:PassRole + ec2:RequestSpotInstances"][..]),
        (
            "privesc-codeBuildCreateProjectPassRole",
            &["codebuild:StartBuild", "iam:PassRole + codebuild:CreateProject + codebuild:StartBuildBatch"][..],
        ),
    ]);
    let mut extra = Vec::new();
    for (name, way) in FOUND {
        let allowed = |permission: &str| {
            permission.starts_with(way)
                || also.get(name).is_some_and(|also| also.iter().any(|also| permission.starts_with(also)))
                || permission.ends_with(" more")
        };
        for id in [format!("{ACCOUNT}user/{name}-user"), format!("{ACCOUNT}role/{name}-role")] {
            extra.extend(
                ways(&estate, &id).into_iter().filter(|(_, permission, _)| !allowed(permission)).map(|way| format!("{id}: {way:?}")),
            );
        }
    }
    for (name, way) in FOUND_ONE {
        let ways = ways(&estate, &format!("{ACCOUNT}{name}"));
        extra.extend(ways.into_iter().filter(|(_, permission, _)| !permission.starts_with(way)).map(|way| format!("{name}: {way:?}")));
    }
    assert!(extra.is_empty(), "{} extra:\n{}", extra.len(), extra.join("\n"));
}

#[test]
fn what_was_checked_by_hand_stands_there() {
    let Some(folder) = folder() else { return };
    let estate = estate(&folder, BUILT);
    let relation = |from: &str, to: &str| {
        let (from, to) = (estate.find(from).expect("from"), estate.find(to).expect("to"));
        estate.relations_from(from).find(|relation| relation.to() == to).map(|relation| (relation.kind(), relation.certainty()))
    };
    let of = |name: &str| format!("{ACCOUNT}{name}");
    // The group holds `AdministratorAccess`, and nothing is denied to its member.
    let other = |name: &str| format!("arn:aws:iam::012345678901:{name}");
    assert_eq!(relation(&other("group/admin"), &other("root")), Some((RelationKind::Administers, Certainty::Proven)));
    assert_eq!(relation(&other("user/obama"), &other("group/admin")), Some((RelationKind::MemberOf, Certainty::Proven)));
    // A role of another account is trusted, and that account is not in the output.
    assert_eq!(
        relation("arn:aws:iam::072528804237:*", &of("role/OrganizationAccountAccessRole")),
        Some((RelationKind::Assumes, Certainty::Proven))
    );
    // An instance that is there acts as the role of its profile.
    assert_eq!(
        relation(&of("instance-profile/privesc-high-priv-service-profile"), &of("role/privesc-high-priv-service-role")),
        Some((RelationKind::RunsAs, Certainty::Proven))
    );
    let created = estate.find(&of("user/fn1-privesc3-partial-user")).and_then(|at| estate.entity(at).as_identity()?.created_at);
    assert!(created.is_some_and(|at| at > Instant::parse("2020-01-01").expect("a date")));
}
