//! [`Escape`]: how a pod gets at the node it runs on.

use super::pod::PodSpec;

/// A way from a pod to its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Escape {
    /// What is gained.
    pub gains: Gain,
    /// How, in the words of the manifest.
    pub by: &'static str,
}

/// What a pod gains over its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gain {
    /// Everything, and so every pod on it.
    Control,
    /// The tokens and secrets of the pods on it.
    Tokens,
    /// Files of it.
    Files,
    /// Files of it, where the account may read logs too.
    PerhapsFiles,
}

/// Sockets whose holder commands every container of the node; mounting one read-only does not keep from talking to it.
const SOCKETS: [&str; 6] = ["/docker.sock", "/containerd.sock", "/crio.sock", "/containerd", "/crio", "/docker"];
/// Folders whose writer runs code on the node as its administrator.
const SYSTEM: [&str; 17] = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/opt",
    "/proc",
    "/root",
    "/sbin",
    "/sys",
    "/usr",
    "/var/lib/containerd",
    "/var/lib/docker",
    "/var/lib/kubelet",
    "/var/spool/cron",
    "/lib64",
];
/// Folders whose reader sees keys and passwords of the node itself.
const PRIVATE: [&str; 4] = ["/etc", "/home", "/proc", "/root"];
const KUBELET: &str = "/var/lib/kubelet";
const LOGS: &str = "/var/log";
const RUNTIME: [&str; 2] = ["/run", "/var/run"];

/// The ways from pods of this specification to their node.
pub(super) fn escapes(pod: &PodSpec) -> Vec<Escape> {
    let mut found = Vec::new();
    let mut add = |gains, by| found.push(Escape { gains, by });
    for container in pod.all_containers() {
        let context = container.security_context.as_ref();
        if context.and_then(|context| context.privileged) == Some(true) {
            add(Gain::Control, "privileged");
        }
        for capability in context.and_then(|context| context.capabilities.as_ref()).map_or(&[][..], |capabilities| &capabilities.add) {
            match capability.trim_start_matches("CAP_") {
                "ALL" => add(Gain::Control, "capability ALL"),
                "SYS_ADMIN" => add(Gain::Control, "capability SYS_ADMIN"),
                "SYS_MODULE" => add(Gain::Control, "capability SYS_MODULE"),
                "SYS_PTRACE" if pod.host_pid == Some(true) => add(Gain::Control, "capability SYS_PTRACE with hostPID"),
                "DAC_READ_SEARCH" => add(Gain::Tokens, "capability DAC_READ_SEARCH"),
                _ => {}
            }
        }
        for mount in &container.volume_mounts {
            let volume = pod.volumes.iter().find(|volume| volume.name == mount.name);
            let Some(path) = volume.and_then(|volume| volume.host_path.as_ref()) else { continue };
            if let Some(gains) = of_path(&path.path, mount.read_only == Some(true)) {
                add(gains, "hostPath");
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// What a mounted folder of the node gives.
fn of_path(path: &str, read_only: bool) -> Option<Gain> {
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    let within = |folder: &str| path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    // The folder of another one shows all that is in that one.
    let shows = |folder: &str| within(folder) || path == "/" || folder.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    let socket =
        RUNTIME.into_iter().any(|runtime| path == runtime || (within(runtime) && SOCKETS.iter().any(|socket| path.ends_with(socket))));
    if socket || (!read_only && (path == "/" || path == "/var" || path == "/var/lib" || SYSTEM.iter().any(|folder| within(folder)))) {
        return Some(Gain::Control);
    }
    if shows(KUBELET) {
        return Some(Gain::Tokens);
    }
    if PRIVATE.iter().any(|folder| within(folder)) {
        return Some(Gain::Files);
    }
    (within(LOGS) && !read_only).then_some(Gain::PerhapsFiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(Gain, &'static str)> {
        let pod: PodSpec = serde_json::from_str(text).expect("a pod");
        escapes(&pod).into_iter().map(|escape| (escape.gains, escape.by)).collect()
    }

    #[test]
    fn privileges_and_capabilities_lead_to_the_node() {
        let container = |context: &str| format!(r#"{{"hostPID":true,"containers":[{{"securityContext":{context}}}]}}"#);
        assert_eq!(of(&container(r#"{"privileged":true}"#)), [(Gain::Control, "privileged")]);
        assert_eq!(
            of(&container(r#"{"capabilities":{"add":["CAP_SYS_MODULE","NET_ADMIN"]}}"#)),
            [(Gain::Control, "capability SYS_MODULE")]
        );
        assert_eq!(of(&container(r#"{"capabilities":{"add":["SYS_PTRACE"]}}"#)), [(Gain::Control, "capability SYS_PTRACE with hostPID")]);
        assert!(of(&container(r#"{"privileged":false,"capabilities":{"add":null}}"#)).is_empty());
        assert!(of(r#"{"containers":[{"securityContext":{"capabilities":{"add":["SYS_PTRACE"]}}}]}"#).is_empty());
        assert_eq!(of(r#"{"initContainers":[{"securityContext":{"privileged":true}}]}"#).len(), 1);
    }

    #[test]
    fn folders_of_the_node_give_what_is_in_them() {
        use Gain::*;
        for (path, write, read) in [
            ("/", Some(Control), Some(Tokens)),
            ("/etc/kubernetes/", Some(Control), Some(Files)),
            ("/proc/sys/kernel", Some(Control), Some(Files)),
            ("/var/lib/kubelet/pods", Some(Control), Some(Tokens)),
            ("/var", Some(Control), Some(Tokens)),
            ("/var/run/docker.sock", Some(Control), Some(Control)),
            ("/run/containerd/containerd.sock", Some(Control), Some(Control)),
            ("/var/log", Some(PerhapsFiles), None),
            ("/var/run/datadog-agent", None, None),
            ("/mnt/data", None, None),
            ("/etcetera", None, None),
        ] {
            assert_eq!((of_path(path, false), of_path(path, true)), (write, read), "{path}");
        }
        let unmounted = r#"{"containers":[{}],"volumes":[{"name":"host","hostPath":{"path":"/"}}]}"#;
        assert!(of(unmounted).is_empty());
    }
}
