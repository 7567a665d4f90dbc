/**
 * The script of the report: searches, filters, sorts and pages the embedded rows.
 *
 * It is a text in a module of its own, so that the built program needs no file beside its code and the page's
 * policy can name the hash of exactly this text. It puts text into the page by textContent alone, sets no style
 * and builds no markup from text. It must hold neither a backtick nor the end tag of a script.
 */
export const REPORT_SCRIPT = `
"use strict";
(function () {
  var PAGE = 100;
  var MOST_PRINTED = 2000;
  var report = JSON.parse(document.getElementById("report-rows").textContent);
  var columns = report.columns;
  var rows = report.rows;
  var nouns = report.noun + "s";
  var collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  var byId = function (id) { return document.getElementById(id); };
  var search = byId("search");
  var codeChoice = byId("code");
  var shown = byId("shown");
  var back = byId("back");
  var on = byId("on");
  var table = byId("table");
  var head = table.tHead;
  var body = table.tBodies[0];
  var form = document.querySelector("form.controls");
  var tableColumns = [];
  columns.forEach(function (column, place) { if (column.shown) tableColumns.push(place); });
  var found = rows;
  var page = 0;
  var sorted = { column: -1, down: false };
  var searchTexts = null;

  function element(name, text) {
    var made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function count(number) { return number.toLocaleString("en-US"); }

  function cellText(value) { return value === null ? "" : String(value); }

  /* Accents and case make no difference to a search. */
  function fold(text) { return text.normalize("NFKD").replace(/\\p{M}+/gu, "").toLowerCase(); }

  function foldRows() {
    return rows.map(function (row) {
      var details = (row.d || []).map(function (place) { return report.details[place]; });
      return fold(row.c.concat(details, row.s || [], row.t || []).map(cellText).join("\\n"));
    });
  }

  function codesOf(row) { return report.codes < 0 ? [] : cellText(row.c[report.codes]).split(" "); }

  function tally(valuesOf) {
    var counts = new Map();
    rows.forEach(function (row) {
      valuesOf(row).forEach(function (value) { if (value !== "") counts.set(value, (counts.get(value) || 0) + 1); });
    });
    return counts;
  }

  function addOptions(choice, counts) {
    counts.forEach(function (number, value) {
      var option = element("option", value + " (" + count(number) + ")");
      option.value = value;
      choice.append(option);
    });
  }

  var choices = [];
  columns.forEach(function (column, place) {
    if (!column.filter) return;
    var counts = tally(function (row) { return [cellText(row.c[place])]; });
    if (counts.size === 0) return;
    var choice = element("select");
    choice.id = "filter-" + column.heading;
    var any = element("option", "any");
    any.value = "";
    choice.append(any);
    addOptions(choice, counts);
    var label = element("label", column.heading.charAt(0).toUpperCase() + column.heading.slice(1));
    label.htmlFor = choice.id;
    var group = element("p");
    group.append(label, choice);
    form.lastElementChild.before(group);
    choices.push({ place: place, choice: choice });
  });
  addOptions(codeChoice, tally(codesOf));

  function find() {
    var words = fold(search.value).split(/\\s+/).filter(Boolean);
    if (words.length > 0 && searchTexts === null) searchTexts = foldRows();
    var code = codeChoice.value;
    found = rows.filter(function (row, index) {
      if (code !== "" && codesOf(row).indexOf(code) < 0) return false;
      return choices.every(function (filter) {
        return filter.choice.value === "" || cellText(row.c[filter.place]) === filter.choice.value;
      }) && words.every(function (word) { return searchTexts[index].includes(word); });
    });
    sort();
    page = 0;
    draw();
  }

  function compare(left, right) {
    if (typeof left === "number" && typeof right === "number") return left - right;
    return collator.compare(String(left), String(right));
  }

  /* Lines without a value come last, whichever way it is sorted. */
  function sort() {
    if (sorted.column < 0) return;
    var place = sorted.column;
    var sign = sorted.down ? -1 : 1;
    found = found.slice().sort(function (left, right) {
      var a = left.c[place];
      var b = right.c[place];
      if (a === null || b === null || a === "" || b === "") {
        return (a === null || a === "" ? 1 : 0) - (b === null || b === "" ? 1 : 0);
      }
      return sign * compare(a, b);
    });
  }

  function drawHead() {
    var line = element("tr");
    tableColumns.forEach(function (place) {
      var column = columns[place];
      var heading = element("th");
      heading.scope = "col";
      heading.className = classOf(place);
      var state = sorted.column !== place ? "none" : sorted.down ? "descending" : "ascending";
      heading.setAttribute("aria-sort", state);
      var button = element("button", column.heading);
      button.type = "button";
      button.title = column.help;
      button.addEventListener("click", function () {
        sorted = { column: place, down: sorted.column === place && !sorted.down };
        sort();
        Array.from(head.rows[0].cells).forEach(function (other) { other.setAttribute("aria-sort", "none"); });
        heading.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
        page = 0;
        draw();
      });
      heading.append(button);
      line.append(heading);
    });
    head.replaceChildren(line);
  }

  function classOf(place, value) {
    if (typeof value === "number") return "number";
    return place === report.codes ? "codes" : isId(place) ? "hash" : "text";
  }

  function isId(place) { return /immutableid$/i.test(columns[place].heading); }

  function drawCell(row, place) {
    var value = row.c[place];
    var text = cellText(value);
    var cell = element("td");
    var inner = element("span", text);
    var name = columns[place].heading;
    if (name === "state" || name === "status") inner.className = "state s-" + text;
    cell.className = classOf(place, value);
    cell.append(inner);
    return cell;
  }

  function drawRow(row) {
    var line = element("tr");
    tableColumns.forEach(function (place, index) {
      if (index > 0) {
        line.append(drawCell(row, place));
        return;
      }
      var heading = element("th");
      heading.scope = "row";
      var opener = element("button", cellText(row.c[place]));
      opener.type = "button";
      opener.setAttribute("aria-expanded", "false");
      opener.setAttribute("aria-label", report.noun + " " + cellText(row.c[place]) + ", details");
      opener.addEventListener("click", function () { toggle(row, line, opener); });
      heading.append(opener);
      line.append(heading);
    });
    if (row.f === 0) line.className = "look";
    return line;
  }

  function addPair(list, label, text) {
    var pair = element("div");
    pair.append(element("dt", label), element("dd", text));
    list.append(pair);
  }

  function toggle(row, line, opener) {
    var open = opener.getAttribute("aria-expanded") === "true";
    opener.setAttribute("aria-expanded", String(!open));
    if (open) {
      line.nextElementSibling.remove();
      return;
    }
    var list = element("dl");
    list.className = "facts";
    (row.d || []).forEach(function (place) { addPair(list, "found", report.details[place]); });
    (row.s || []).forEach(function (step) { addPair(list, "step", step); });
    (row.t || []).forEach(function (change) { addPair(list, "takeover", change); });
    columns.forEach(function (column, place) {
      if (cellText(row.c[place]) !== "") addPair(list, column.heading, cellText(row.c[place]));
    });
    var cell = element("td");
    cell.colSpan = tableColumns.length;
    cell.append(list);
    var details = element("tr");
    details.className = "details";
    details.append(cell);
    line.after(details);
  }

  function fill(some) {
    var lines = document.createDocumentFragment();
    some.forEach(function (row) { lines.append(drawRow(row)); });
    body.replaceChildren(lines);
  }

  function draw() {
    var first = page * PAGE;
    var some = found.slice(first, first + PAGE);
    fill(some);
    var last = first + some.length;
    var all = found.length === rows.length;
    shown.textContent = found.length === 0
      ? "No " + report.noun + " matches, of " + count(rows.length) + "."
      : "Showing " + count(first + 1) + " to " + count(last) + " of " + count(found.length) + " " + (found.length === 1 ? report.noun : nouns)
        + (all ? "." : (found.length === 1 ? " that matches, of " : " that match, of ") + count(rows.length) + ".");
    back.setAttribute("aria-disabled", String(page === 0));
    on.setAttribute("aria-disabled", String(last >= found.length));
    table.parentElement.scrollTop = 0;
  }

  back.addEventListener("click", function () { if (page > 0) { page -= 1; draw(); } });
  on.addEventListener("click", function () { if ((page + 1) * PAGE < found.length) { page += 1; draw(); } });
  search.addEventListener("focus", function () { if (searchTexts === null) searchTexts = foldRows(); });
  search.addEventListener("input", find);
  form.addEventListener("change", function (event) { if (event.target !== search) find(); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  /* The fields have their old values until the event is over. */
  form.addEventListener("reset", function () { queueMicrotask(find); });
  document.querySelectorAll("a[data-code]").forEach(function (link) {
    link.addEventListener("click", function () {
      form.reset();
      codeChoice.value = link.dataset.code;
      find();
    });
  });

  document.querySelectorAll("a[data-search]").forEach(function (link) {
    link.addEventListener("click", function () {
      form.reset();
      search.value = link.dataset.search;
      /* The reset finds with the old values of the fields once this is over: find after it. */
      queueMicrotask(find);
    });
  });

  /* On paper: every finding open, and every row; of very many rows those that somebody must look at. */
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (part) { part.open = true; });
    if (rows.length <= MOST_PRINTED) {
      fill(rows);
      shown.textContent = "All " + count(rows.length) + " " + (rows.length === 1 ? report.noun : nouns) + ".";
      return;
    }
    var look = rows.filter(function (row) { return row.f === 0; });
    fill(look.slice(0, MOST_PRINTED));
    shown.textContent = look.length === 0
      ? "Every one of the " + count(rows.length) + " " + nouns + " is fine; none is printed."
      : "Printed are the " + count(Math.min(look.length, MOST_PRINTED)) + " " + nouns + " that are not fine"
        + (look.length > MOST_PRINTED ? ", of " + count(look.length) + "." : ".");
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
    draw();
  });

  drawHead();
  draw();
  byId("rows-app").hidden = false;
})();
`;
