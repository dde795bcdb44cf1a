//! Results that have no place.

use std::fs;
use std::process::Command;

use crate::workbench::{Bench, FUNCTION, Ran};

fn bench() -> Bench {
    Bench::with(&[("s.toml", &format!("[scenario]\nduration = \"1h\"\nreplications = 1\n{FUNCTION}"))])
}

#[test]
fn a_folder_that_cannot_be_made_is_refused_before_the_run() {
    let bench = bench();
    fs::write(bench.path("file"), "in the way").unwrap();
    for (out, told) in [
        ("file", "is not a folder"),
        ("file/results", "a part of this path is a file"),
        (".", "is not empty and not a result of coldcast"),
    ] {
        bench.run(&["run", "s.toml", "--out", out]).assert_refused(&[told, "--out"]);
        assert_eq!(bench.names(), ["file", "s.toml"], "{out}");
        assert_eq!(bench.read("file"), "in the way");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_refused_before_the_run() {
    use std::os::unix::fs::PermissionsExt;

    let bench = bench();
    let locked = bench.path("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(locked.join("probe"), "").is_ok() {
        println!("skipped: this user may write everywhere");
        return;
    }
    bench.run(&["run", "s.toml", "--out", "locked/r"]).assert_refused(&["locked/r", "a folder that you may write"]);
    assert_eq!(fs::read_dir(locked).unwrap().count(), 0);
}

/// The program under a limit of 8 KiB per file: what a full disk does, without one. (The signal that comes with it is ignored.)
#[cfg(unix)]
#[test]
fn a_file_that_cannot_grow_is_an_error_that_names_it_and_nothing_is_left() {
    let bench = bench();
    let script = "trap '' XFSZ; ulimit -f 16; exec \"$0\" run s.toml --out results/r";
    let program = bench.program().get_program().to_owned();
    let output = Command::new("sh").args(["-c", script]).arg(program).current_dir(bench.path("")).output().unwrap();
    Ran::new(output).assert_ended(1, &["cannot write ", "results/", "free some space on this disk"]);
    assert_eq!(bench.names(), ["s.toml"]);
}

/// The same on a file system of 64 KiB, where the kernel lets an ordinary user mount one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_names_the_file_and_nothing_is_left() {
    let bench = bench();
    fs::create_dir(bench.path("disk")).unwrap();
    let script = "mount -t tmpfs -o size=64k none disk 2>&- || exit 77; \"$0\" run s.toml --out disk/r; code=$?; ls -A disk; exit $code";
    let program = bench.program().get_program().to_owned();
    let unshare =
        Command::new("unshare").args(["-rm", "sh", "-c", script]).arg(program).current_dir(bench.path("")).output();
    match unshare.map(Ran::new) {
        Ok(ran) if ran.code == Some(1) && !ran.err.is_empty() => {
            ran.assert_ended(1, &["cannot write ", "disk/", "No space left", "--out"])
        }
        Ok(Ran { code: Some(0), .. }) => panic!("a result fits on a disk of 64 KiB"),
        _ => println!("skipped: no file system can be mounted here"),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_printed_is_an_error() {
    let bench = bench();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = bench.program().args(["policies"]).stdout(full).output().unwrap();
    Ran::new(output).assert_ended(1, &["cannot write the output", "No space left"]);
}
