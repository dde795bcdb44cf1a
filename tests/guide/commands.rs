//! The commands of the tutorial, of the how-to pages and of the page on trust are run, in order, in a folder with the scenarios.
//!
//! Blocks of `sh` must succeed, blocks of `sh fails` must not. Each line of a block of `text` after them must have been printed,
//! whatever the spaces and line ends. A block of `toml` that begins with `# NAME.toml` is written to that file. Shell code for other places has
//! other words behind `sh`.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{pages, read, root};

#[test]
fn the_tutorial_shows_what_its_commands_print() {
    assert!(follow(Path::new("docs/tutorial.md")) >= 8);
}

#[test]
fn other_pages_show_what_their_commands_print() {
    let mut pages: Vec<_> = pages().into_iter().filter(|page| page.starts_with("docs/how-to")).collect();
    pages.push("docs/trust.md".into());
    assert!(pages.iter().map(|page| follow(page)).all(|commands| commands > 0));
}

/// Does what a page says; the number of its blocks of commands.
fn follow(page: &Path) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let (text, mut blocks, mut printed) = (read(page), 0, String::new());
    run(folder.path(), &format!("cp -R '{}/scenarios' .", root().display()));
    for (kind, body) in text.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')) {
        match kind {
            "sh" | "sh fails" => {
                let (success, output) = run(folder.path(), body);
                assert!(success == (kind == "sh"), "{}:\n{body}\n{output}", page.display());
                (blocks, printed) = (blocks + 1, output);
            }
            _ if kind.starts_with("toml") => write(folder.path(), body),
            "text" => assert_shown(page, body, &printed),
            _ => {}
        }
    }
    blocks
}

/// Runs commands; whether all succeeded, and what they printed.
fn run(folder: &Path, commands: &str) -> (bool, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_coldcast")).parent().unwrap();
    let path = std::env::join_paths(
        [program.into()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut shell = Command::new("sh");
    shell.args(["-euc", &format!("{{ {commands}\n}} 2>&1")]).current_dir(folder).env("PATH", path.unwrap());
    let output = shell.env_remove("COLUMNS").output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// Writes a block that says which file it is.
fn write(folder: &Path, block: &str) {
    let name = block.lines().next().and_then(|line| line.strip_prefix("# ")).filter(|name| name.ends_with(".toml"));
    name.iter().for_each(|name| fs::write(folder.join(name), block).unwrap());
}

/// Every line of a block was printed, wherever the terminal broke it.
fn assert_shown(page: &Path, block: &str, printed: &str) {
    let words = |text: &str| format!(" {} ", text.split_whitespace().collect::<Vec<_>>().join(" "));
    let all = words(printed);
    for line in block.lines().filter(|line| *line != "...") {
        assert!(all.contains(&words(line)), "{} shows\n{line}\nbut this is printed:\n{printed}", page.display());
    }
}
