//! Line ends and attributes of git.

use super::*;

#[test]
fn windows_line_ends_are_no_edit() {
    let site = Site::default();
    site.build(&["x.yaml=a\nb\n", "y.yaml=c\n"]);
    site.put("dist/x.yaml", "a\r\nb\r\n");
    site.put("dist/y.yaml", "c\r\n");
    let index = site.text("dist/platc.json").replace('\n', "\r\n");
    site.put("dist/platc.json", &index);
    said(
        &site.build(&["x.yaml=a\nb\n"]),
        expect![[r#"
            ~ x.yaml
            r x.yaml
            - y.yaml
            0 unchanged
        "#]],
    );
    assert!(!site.text("dist/platc.json").contains('\r'));
}

#[test]
fn line_ends_of_others_stay() {
    let site = Site::default();
    site.build(&["y.yaml=1"]);
    site.put("dist/x.yaml", "a\r\nb\r\n");
    let said = site.build(&["x.yaml=a\nb\n", "y.yaml=1"]);
    assert!(said.starts_with("foreign-file: `dist/x.yaml` is in the way"), "{said}");
    assert_eq!(site.text("dist/x.yaml"), "a\r\nb\r\n");
}

#[test]
fn attributes_of_others_stay() {
    let site = Site::default();
    site.put("dist/.gitattributes", "* text\n");
    site.build(&["x=1"]);
    site.build(&["x=2"]);
    assert_eq!(site.text("dist/.gitattributes"), "* text\n");
    assert!(!site.text("dist/platc.json").contains("gitattributes"));
}
