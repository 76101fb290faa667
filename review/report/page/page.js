"use strict";
// Everything from the data goes to the page as text, never as markup.
const SIGNS = { create: "+", import: "+", update: "~", secret: "~", reboot: "↻", replace: "±", delete: "−", read: "·", same: "" };
const ROW = 34, STEP = 26, WIDTH = 360, SVG = "http://www.w3.org/2000/svg";
const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const state = { stack: 0, side: "both", query: "", unchanged: false, chosen: -1, folded: new Set() };

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "click") element.addEventListener("click", value); else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function draw(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// What stands between backticks is code.
function spoken(text) {
  const parts = text.split("`");
  return parts.map((part, index) => (index % 2 && index < parts.length - 1 ? make("code", {}, part) : part));
}

function prepare(stack) {
  stack.nodes.forEach((node, number) => Object.assign(node, { number, children: [], usedBy: [], severity: -1 }));
  for (const node of stack.nodes) {
    if (node.parent >= 0) stack.nodes[node.parent].children.push(node);
    for (const used of node.uses) stack.nodes[used].usedBy.push(node.number);
    node.text = [node.name, node.type, ...node.lines.map((line) => line[1])].join("\n").toLowerCase();
  }
  for (const risk of stack.risks) {
    for (const number of risk.nodes) stack.nodes[number].severity = Math.max(stack.nodes[number].severity, risk.severity);
  }
  stack.roots = stack.nodes.filter((node) => node.parent < 0);
}

function isThere(node) {
  if (state.side === "before") return !["create", "import"].includes(node.group);
  if (state.side === "after") return node.group !== "delete";
  return true;
}

function matches(node) {
  if (!isThere(node)) return false;
  if (state.query) return node.text.includes(state.query);
  return state.unchanged || node.group !== "same" || node.severity > 0;
}

// Which nodes are drawn: those that match, and the way to them.
function visible(stack) {
  const kept = new Set();
  for (const node of stack.nodes) {
    if (!matches(node)) continue;
    for (let each = node; each && !kept.has(each); each = stack.nodes[each.parent]) kept.add(each);
  }
  return kept;
}

function rows(stack, kept) {
  const found = [];
  const stackOf = stack.roots.map((node) => [node, 0]).reverse();
  const seen = new Set();
  while (stackOf.length) {
    const [node, depth] = stackOf.pop();
    if (!kept.has(node) || seen.has(node)) continue;
    seen.add(node);
    found.push([node, depth]);
    if (!state.folded.has(node.number)) stackOf.push(...node.children.map((child) => [child, depth + 1]).reverse());
  }
  return found;
}

function drawGraph() {
  const stack = data.stacks[state.stack];
  const found = rows(stack, visible(stack)).slice(0, 3000);
  const places = new Map(found.map(([node, depth], index) => [node.number, { x: 12 + depth * STEP, y: 10 + index * ROW }]));
  const deepest = Math.max(0, ...found.map((row) => row[1]));
  const svg = draw("svg", { width: WIDTH + 90 + deepest * STEP, height: found.length * ROW + 16, role: "tree" });
  for (const [node] of found) svg.append(...parentEdge(node, places));
  for (const [node] of found) svg.append(drawNode(node, places.get(node.number)));
  if (state.chosen >= 0) svg.append(...useEdges(stack.nodes[state.chosen], places));
  const empty = make("p", {}, state.query ? "nothing found" : "no change");
  at("graph").replaceChildren(found.length ? svg : empty);
}

function parentEdge(node, places) {
  const from = places.get(node.parent), to = places.get(node.number);
  return from ? [draw("path", { d: `M${from.x + 10} ${from.y + ROW - 8} V${to.y + 13} H${to.x}` })] : [];
}

function useEdges(node, places) {
  const edge = (other, kind) => {
    const from = places.get(node.number), to = places.get(other);
    if (!from || !to) return [];
    const right = WIDTH + Math.max(from.x, to.x), bend = right + 20 + Math.min(60, Math.abs(from.y - to.y) / 8);
    return [draw("path", { class: kind, d: `M${from.x + WIDTH} ${from.y + 13} C${bend} ${from.y + 13} ${bend} ${to.y + 13} ${to.x + WIDTH} ${to.y + 13}` })];
  };
  return [...node.uses.flatMap((other) => edge(other, "uses")), ...node.usedBy.flatMap((other) => edge(other, "usedBy"))];
}

function drawNode(node, place) {
  const group = draw("g", { class: `node ${node.group} r${node.severity} ${node.number === state.chosen ? "chosen" : ""}`, transform: `translate(${place.x} ${place.y})`, tabindex: 0, role: "treeitem", "data-name": node.name });
  const fold = node.children.length ? (state.folded.has(node.number) ? "▸ " : "▾ ") : "";
  const name = node.name.length > 34 ? `${node.name.slice(0, 33)}…` : node.name;
  group.append(draw("rect", { width: WIDTH, height: 26, rx: 4 }));
  group.append(draw("text", { x: 8, y: 18 }, `${fold}${SIGNS[node.group]} ${name}`));
  group.append(draw("text", { x: WIDTH - 8, y: 17, class: "type", "text-anchor": "end" }, node.type));
  const choose = (again) => {
    if (again && node.children.length) state.folded.has(node.number) ? state.folded.delete(node.number) : state.folded.add(node.number);
    state.chosen = node.number;
    show();
  };
  group.addEventListener("click", () => choose(true));
  group.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(true); });
  return group;
}

const PENDING = "already pending, not by this change";

function drawDetail() {
  const stack = data.stacks[state.stack], node = stack.nodes[state.chosen];
  if (!node) return at("detail").replaceChildren(make("p", {}, "Choose a resource to see what changes, and what depends on it."));
  const risks = stack.risks.filter((risk) => risk.nodes.includes(node.number));
  const kinds = { "+": "add", "-": "del", "~": "mod" };
  const pre = make("pre", {}, ...node.lines.map(([sign, text]) => make("span", { class: kinds[sign] || "" }, `${sign} ${text}\n`)));
  const list = (title, numbers) => numbers.length ? [make("p", {}, `${title}: ${numbers.map((each) => stack.nodes[each].name).join(", ")}`)] : [];
  at("detail").replaceChildren(make("h2", {}, node.name), make("p", {}, `${node.type}: ${node.group === "same" ? "unchanged" : node.group}${node.pending ? `, ${PENDING}` : ""}`),
    ...risks.map(drawRisk), ...(node.lines.length ? [pre] : []), ...list("uses", node.uses), ...list("used by", node.usedBy));
}

function drawRisk(risk) {
  const more = [risk.word, risk.pending && PENDING, risk.why && `why: ${risk.why}`, risk.do && `instead: ${risk.do}`].filter(Boolean).join(" · ");
  const body = [make("b", {}, risk.rule), ...spoken(risk.what), make("small", {}, ...spoken(more))];
  return make("button", { class: `risk s${risk.severity}`, click: () => { if (risk.nodes.length) { state.chosen = risk.nodes[0]; show(); } } }, ...body);
}

function show() {
  const stack = data.stacks[state.stack];
  at("stacks").replaceChildren(...data.stacks.map((each, index) => make("button", { role: "tab", "aria-selected": index === state.stack,
    click: () => { Object.assign(state, { stack: index, chosen: -1, folded: new Set() }); show(); } }, `${each.name}: ${each.verdict}`)));
  const failure = stack.error ? [make("p", { class: "risk s3" }, `preview failed: ${stack.error}`)] : [];
  at("risks").replaceChildren(...failure, ...stack.notes.map((note) => make("p", { class: "risk s1" }, note)), ...stack.risks.slice(0, 500).map(drawRisk));
  const [created, updated, rebooted, replaced, deleted] = stack.counts;
  at("legend").replaceChildren(...[`+ ${created} create`, `~ ${updated} update`, `↻ ${rebooted} reboot`, `± ${replaced} replace`, `− ${deleted} delete`].map((text) => make("span", {}, text)));
  for (const side of ["before", "both", "after"]) at(side).setAttribute("aria-pressed", String(state.side === side));
  drawGraph();
  drawDetail();
}

data.stacks.forEach(prepare);
state.stack = Math.max(0, data.stacks.findIndex((stack) => stack.risks.some((risk) => risk.severity === 3)));
at("search").addEventListener("input", (event) => { state.query = event.target.value.trim().toLowerCase(); drawGraph(); });
at("unchanged").addEventListener("change", (event) => { state.unchanged = event.target.checked; drawGraph(); });
for (const side of ["before", "both", "after"]) at(side).addEventListener("click", () => { state.side = side; show(); });
if (data.stacks.length) show();
