//! The standard library: sources embedded in the program, under paths that begin with `std/`. They are compiled like any other source.

macro_rules! files {
    ($($path:literal,)*) => {
        /// Path and text of every file of the standard library.
        pub const FILES: &[(&str, &str)] = &[$((concat!("std/", $path), include_str!(concat!("../stdlib/", $path))),)*];
    };
}

files! {
    "language.yaml",
    "application/application.yaml",
    "cluster/eks.yaml",
    "fragment/aws-trust.yaml",
    "fragment/guarded-namespace.yaml",
    "nodePool/eks.yaml",
    "service/argo-cd.yaml",
    "service/cert-manager.yaml",
    "service/cluster-autoscaler.yaml",
    "service/external-dns.yaml",
    "service/helm.yaml",
    "service/ingress-nginx.yaml",
    "service/kube-prometheus-stack.yaml",
    "service/nvidia-device-plugin.yaml",
    "service/prometheus-operator-crds.yaml",
    "service/tenant-policies.yaml",
    "tenant/tenant.yaml",
}
