// Tables of the class "sortable" are sorted by the column whose heading is pressed; pressed again, the other way round.
// Cells say in data-value what they are sorted by, else it is their text. Those without a value come last.
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
  // The difference of two texts is not a number, which counts as false.
  const compare = (a, b) => a - b || a.localeCompare(b);
  const sort = (column) => {
    const sign = heads[column].ariaSort === "ascending" ? -1 : 1;
    const rows = [...table.tBodies[0].rows].map((row) => [key(row, column), row]);
    const order = ([a], [b]) => (a === "" || b === "" ? (a === "") - (b === "") : sign * compare(a, b));
    table.tBodies[0].append(...rows.sort(order).map(([, row]) => row));
    heads.forEach((head) => (head.ariaSort = null));
    heads[column].ariaSort = sign > 0 ? "ascending" : "descending";
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(column));
    head.append(button);
  });
}
