//! The reader as a whole, through `read`.

use crate::model::{Certainty, Instant, RelationKind};
use crate::{ErrorCode, Estate, Input, ReadOptions, read};

const NS: &str = "kubernetes://acme/namespaces";

fn estate(inputs: &[&str]) -> Estate {
    let inputs: Vec<Input> = inputs.iter().enumerate().map(|(at, text)| Input::new(format!("cluster=acme/{at}.yaml"), *text)).collect();
    read(&inputs, &ReadOptions::default()).expect("an estate")
}

/// The relations from an id, as `kind to` with a `?` where only possible; ids without what all begin with.
fn from(estate: &Estate, id: &str) -> Vec<String> {
    let short = |id: &str| id.replace(NS, "").replace("kubernetes://acme", "").trim_start_matches('/').to_owned();
    let relations = estate.relations().filter(|relation| short(estate.entity(relation.from()).id()) == id);
    let text = |relation: crate::estate::RelationRef<'_>| {
        let sure = if relation.certainty() == Certainty::Possible { "?" } else { "" };
        format!("{}{sure} {}", relation.kind(), short(estate.entity(relation.to()).id()))
    };
    relations.map(text).collect()
}

fn coverage(estate: &Estate, topic: &str) -> Option<(u64, u64)> {
    estate.reading().coverage.iter().find(|coverage| coverage.topic == topic).map(|coverage| (coverage.known, coverage.total))
}

/// A role of these rules, bound to the account `ci` in its namespace `dev`, or in the whole cluster.
fn bound(rules: &str, whole: bool) -> String {
    let (cluster, namespace) = if whole { ("Cluster", "") } else { ("", ", namespace: dev") };
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: {cluster}Role\nmetadata: {{name: r{namespace}}}\nrules: {rules}\n---\n\
         apiVersion: rbac.authorization.k8s.io/v1\nkind: {cluster}RoleBinding\nmetadata: {{name: b{namespace}}}\n\
         roleRef: {{kind: {cluster}Role, name: r}}\nsubjects: [{{kind: ServiceAccount, name: ci, namespace: dev}}]\n"
    )
}

const NAMESPACES: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: dev}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: live, \
    creationTimestamp: 2024-01-01T00:00:00Z, labels: {env: prod}, annotations: {acme.example/team-name: till}}\n---\n\
    apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: live}\n";

fn rule(group: &str, resources: &str, verbs: &str) -> String {
    format!("[{{apiGroups: ['{group}'], resources: [{resources}], verbs: [{verbs}]}}]")
}

/// What the role of these rules reaches.
fn reached(rules: &str, whole: bool) -> Vec<String> {
    let estate = estate(&[NAMESPACES, &bound(rules, whole)]);
    let id = if whole { "clusterroles/r" } else { "dev/roles/r" };
    assert_eq!(from(&estate, "dev/serviceaccounts/ci"), [format!("member_of {id}")]);
    from(&estate, id)
}

#[test]
fn namespaces_and_accounts_become_entities() {
    let estate = estate(&[NAMESPACES]);
    let tenant = estate.entity(estate.find(&format!("{NS}/live")).expect("the namespace")).as_tenant().expect("a tenant");
    assert_eq!((tenant.parent, tenant.owner), (Some("kubernetes://acme"), Some("till")));
    assert_eq!((tenant.created_at, tenant.labels.len()), (Instant::parse("2024-01-01").ok(), 1));
    let account = estate.entity(estate.find(&format!("{NS}/live/serviceaccounts/app")).expect("the account"));
    assert_eq!((account.kind(), account.container()), ("service_account", Some(format!("{NS}/live").as_str())));
    assert_eq!(coverage(&estate, "kubernetes_workloads"), Some((0, 1)));
    assert_eq!(coverage(&estate, "kubernetes_clusters_named"), Some((1, 1)));
}

#[test]
fn rules_of_a_namespace_reach_its_collections() {
    for (rules, wanted) in [
        (rule("", "secrets", "get"), vec!["reads dev/secrets"]),
        (rule("", "secrets", "list, create"), vec!["reads dev/secrets", "administers dev/serviceaccounts"]),
        (rule("", "pods/exec", "create"), vec!["writes dev/pods"]),
        (rule("apps", "deployments", "patch"), vec!["writes dev/newpods"]),
        (rule("", "serviceaccounts/token", "create"), vec!["administers dev/serviceaccounts"]),
        (rule("", "serviceaccounts", "impersonate"), vec!["administers dev/serviceaccounts"]),
        (rule("", "configmaps", "get"), vec!["reads dev"]),
        (rule("", "configmaps", "update"), vec!["writes dev"]),
        (rule("", "pods/portforward", "create"), vec!["reads? dev"]),
        (rule("*", "'*'", "'*'"), vec!["administers dev"]),
        (rule("rbac.authorization.k8s.io", "roles", "escalate, update"), vec!["administers dev"]),
        // In a namespace nobody can be given these.
        (rule("", "users, groups", "impersonate"), vec!["unmapped dev"]),
        (rule("", "nodes/proxy", "create"), vec!["unmapped dev"]),
        (rule("argoproj.io", "applications", "create"), vec!["unmapped dev"]),
        ("null".to_owned(), vec!["unmapped dev"]),
    ] {
        assert_eq!(reached(&rules, false), wanted, "{rules}");
    }
}

#[test]
fn rules_of_the_cluster_reach_it_whole() {
    let rbac = "rbac.authorization.k8s.io";
    for (rules, wanted) in [
        (rule("", "secrets", "get"), vec!["reads secrets"]),
        (rule("", "users, groups", "impersonate"), vec!["administers "]),
        (rule("", "users", "impersonate"), vec!["administers? "]),
        (rule("", "nodes/proxy", "get"), vec!["writes pods"]),
        (rule("", "pods", "create"), vec!["writes newpods", "administers? "]),
        (rule(rbac, "clusterrolebindings, clusterroles", "create, bind"), vec!["administers "]),
        (rule(rbac, "clusterrolebindings, roles", "create, bind"), vec!["unmapped "]),
        (
            rule("certificates.k8s.io", "certificatesigningrequests, certificatesigningrequests/approval, signers", "'*'"),
            vec!["administers? "],
        ),
        (rule("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "patch"), vec!["administers? "]),
    ] {
        assert_eq!(reached(&rules, true), wanted, "{rules}");
    }
    let estate = estate(&[NAMESPACES, &bound(&rule("", "secrets", "get"), true)]);
    assert_eq!(
        from(&estate, "secrets"),
        ["contains dev/secrets", "contains dev/secrets", "contains live/secrets", "contains live/secrets"]
    );
}

#[test]
fn what_nobody_declares_is_a_placeholder_and_built_in_roles_are_known() {
    let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: live}\n\
        roleRef: {kind: ClusterRole, name: admin}\nsubjects: [{kind: ServiceAccount, name: ci, namespace: gone}, {kind: Group, name: 'system:serviceaccounts:live'},\
        {kind: ServiceAccount, name: x, namespace: ''}, {kind: Robot, name: y}]\n---\n\
        apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: c, namespace: live}\nroleRef: {kind: Role, name: lost}\nsubjects: null\n";
    let estate = estate(&[NAMESPACES, binding]);
    assert_eq!(estate.reading().placeholders, [format!("{NS}/gone/serviceaccounts/ci")]);
    assert_eq!(estate.reading().skipped.len(), 2);
    assert_eq!(from(&estate, "live/clusterroles/admin"), ["administers live"]);
    assert_eq!(from(&estate, "live/serviceaccounts/app"), ["member_of groups/system:serviceaccounts:live"]);
    assert_eq!(from(&estate, "live/roles/lost"), ["unmapped live"]);
    assert_eq!(coverage(&estate, "kubernetes_roles_known"), Some((1, 2)));
    assert_eq!(coverage(&estate, "kubernetes_roles_read"), Some((0, 1)));
}

#[test]
fn aggregated_roles_hold_what_is_labelled_for_them() {
    let role = |name: &str, labels: &str, rest: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n{rest}\n---\n"
        )
    };
    let binding = |role: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: {role}, namespace: dev}}\n\
             roleRef: {{kind: ClusterRole, name: {role}}}\nsubjects: [{{kind: User, name: anna@acme.example}}]\n---\n"
        )
    };
    let secrets = format!("rules: {}", rule("", "secrets", "get"));
    let text = role("part", "acme: 'yes', rbac.authorization.k8s.io/aggregate-to-view: 'true'", &secrets)
        + &role("whole", "", "aggregationRule: {clusterRoleSelectors: [{matchLabels: {acme: 'yes'}}]}\nrules: null")
        + &binding("whole")
        + &binding("view");
    let estate = estate(&[NAMESPACES, &text]);
    assert_eq!(from(&estate, "dev/clusterroles/whole"), ["reads dev/secrets"]);
    assert_eq!(from(&estate, "dev/clusterroles/view"), ["reads dev", "reads dev/secrets"]);
}

#[test]
fn pods_run_as_accounts_and_what_made_them_stands_for_them() {
    let pods = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: live}\nspec: {template: {spec: {serviceAccountName: app}}}\n---\n\
        apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web-1, namespace: live, ownerReferences: [{kind: Deployment, name: web}]}\n---\n\
        apiVersion: v1\nkind: Pod\nmetadata: {name: web-1-x, namespace: live, ownerReferences: [{kind: ReplicaSet, name: web-1}]}\n\
        spec: {serviceAccountName: app, nodeName: n1, containers: [{securityContext: {privileged: true}}]}\n---\n\
        apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: tidy, namespace: live}\n\
        spec: {jobTemplate: {spec: {template: {spec: {automountServiceAccountToken: false, containers: [{envFrom: [{secretRef: {name: db}}]}]}}}}}\n";
    let estate = estate(&[NAMESPACES, pods]);
    assert_eq!(
        from(&estate, "live/deployments/web"),
        ["runs_as live/serviceaccounts/app", "runs_as live/serviceaccounts/default", "custom nodes/n1"]
    );
    assert_eq!(from(&estate, "live/cronjobs/tidy"), ["stores live/secrets/db/*"]);
    assert_eq!(from(&estate, "nodes/n1"), ["contains live/deployments/web"]);
    assert!(estate.entities().iter().all(|entity| !entity.id().contains("web-1")));
}

#[test]
fn secrets_are_joined_by_their_values_and_tokens_lead_to_accounts() {
    let secrets = "apiVersion: v1\nkind: Secret\nmetadata: {name: t, namespace: live, annotations: {kubernetes.io/service-account.name: app}}\n\
        type: kubernetes.io/service-account-token\ndata: {token: dG9rZW4tb2YtYXBw, ca.crt: YQ==}\n---\n\
        apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: dev}\nspec: {containers: [{env: [{name: APP_TOKEN, value: token-of-app}, {name: MODE, value: token-of-app}]}]}\n";
    let estate = estate(&[NAMESPACES, secrets]);
    let fingerprint = |id: &str| {
        let secret = estate.entity(estate.find(&format!("{NS}/{id}")).expect("a secret")).as_secret().expect("a secret");
        secret.fingerprint.expect("a fingerprint").to_owned()
    };
    assert_eq!(fingerprint("live/secrets/t/token"), fingerprint("dev/pods/p/env/APP_TOKEN"));
    assert_eq!(from(&estate, "live/secrets/t/token"), ["authenticates_as live/serviceaccounts/app"]);
    assert!(estate.find(&format!("{NS}/dev/pods/p/env/MODE")).is_none());
}

#[test]
fn clusters_do_not_merge() {
    let namespace = |uid: &str| format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: dev, uid: {uid}}}\n");
    let both =
        |one: &str, other: &str| read(&[Input::new(one, namespace("a")), Input::new(other, namespace("b"))], &ReadOptions::default());
    let error = both("a.yaml", "b.yaml").expect_err("two clusters");
    assert_eq!((error.code(), error.place().map(|place| place.source.as_str())), (ErrorCode::InvalidInput, Some("b.yaml")));
    let estate = both("clusters/one/a.yaml", "clusters/two/b.yaml").expect("two clusters");
    assert_eq!(estate.entities().iter().filter(|entity| entity.kind() == "kubernetes_cluster").count(), 2);
    assert_eq!(estate.relations().filter(|relation| relation.kind() != RelationKind::Contains).count(), 0);
}

/// Roles times pods would be a million relations.
#[test]
fn relations_grow_with_roles_plus_objects() {
    let rbac = "rbac.authorization.k8s.io/v1";
    let mut lines = Vec::new();
    for at in 0..500 {
        lines.push(format!(r#"{{"apiVersion":"{rbac}","kind":"ClusterRole","metadata":{{"name":"r{at}"}},"rules":[{{"apiGroups":["*"],"resources":["pods/exec","secrets","serviceaccounts/token","roles","rolebindings"],"verbs":["create","get","bind"]}}]}}"#));
        lines.push(format!(r#"{{"apiVersion":"{rbac}","kind":"ClusterRoleBinding","metadata":{{"name":"b{at}"}},"roleRef":{{"kind":"ClusterRole","name":"r{at}"}},"subjects":[{{"kind":"User","name":"u{at}"}}]}}"#));
        lines.push(format!(
            r#"{{"apiVersion":"{rbac}","kind":"Role","metadata":{{"name":"own{at}","namespace":"n{}"}},"rules":null}}"#,
            at % 50
        ));
    }
    for at in 0..2_000 {
        lines.push(format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p{at}","namespace":"n{}"}},"spec":{{"serviceAccountName":"a{at}","containers":[{{"envFrom":[{{"secretRef":{{"name":"s{at}"}}}}]}}]}}}}"#, at % 50));
    }
    let estate = read(&[Input::new("cluster=acme/x", lines.join("\n"))], &ReadOptions::default()).expect("an estate");
    let count = estate.relations().count();
    assert!(count > 2_000 && count < 25_000, "{count} relations");
}

#[test]
fn what_joins_two_folders_that_name_no_cluster_is_only_possible() {
    let role = bound("[{apiGroups: [''], resources: [secrets], verbs: [get, list]}]", true);
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: live}\nstringData: {password: hunter2-of-the-till}\n";
    let held = |first: &str, second: &str, from: &str, to: &str| {
        let inputs = [Input::new(first, role.as_str()), Input::new(second, format!("{NAMESPACES}---\n{secret}"))];
        let estate = read(&inputs, &ReadOptions::default()).expect("an estate");
        let graph = crate::graph::Graph::new(&estate, crate::graph::GraphOptions::at(Instant::from_unix_seconds(1_800_000_000)));
        let start = [graph.taken(estate.find(from).expect("the account"))];
        let to = estate.find(to).expect("the secret");
        let held = |admitted| {
            let closure = graph.closure(&start, admitted, &crate::observer::Unobserved).expect("nobody cancels");
            closure.held_over(to).next().is_some()
        };
        (held(Certainty::Proven), held(Certainty::Possible))
    };
    let account = "kubernetes://cluster/namespaces/dev/serviceaccounts/ci";
    assert_eq!(held("a/1.yaml", "a/2.yaml", account, "kubernetes://cluster/namespaces/live/secrets/db"), (true, true));
    assert_eq!(held("a/1.yaml", "b/2.yaml", account, "kubernetes://cluster@b/namespaces/live/secrets/db"), (false, true));
    assert_eq!(
        held(
            "clusters/a/1.yaml",
            "clusters/b/2.yaml",
            "kubernetes://a/namespaces/dev/serviceaccounts/ci",
            "kubernetes://b/namespaces/live/secrets/db"
        ),
        (false, false)
    );
}
