pub fn render(_: &crate::experiment::Outcome, _: &[String]) -> Result<String, crate::report::ReportError> {
    Ok(String::new())
}
