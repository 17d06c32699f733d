// Draws the timeline that is in the page: each task as a bar if few are in view, else one colour for a stretch of time.
"use strict";

const MOST_BARS = 1500;
const MOST_STRETCHES = 1200;
const SHADES = 4;
const BUTTONS = [["toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d"]]; // none that would send anything anywhere
const KINDS = { u4: Uint32Array, i4: Int32Array, f4: Float32Array, u2: Uint16Array, u1: Uint8Array };
const given = JSON.parse(document.getElementById("data").textContent);
const drawing = document.getElementById("timeline");
const note = document.getElementById("note");
const end = given.start + given.length;
const lanes = given.lanes.length;
const task = {};

async function unpack() {
  const packed = Uint8Array.from(atob(given.content), (char) => char.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const content = await new Response(stream).arrayBuffer();
  let at = 0;
  for (const [name, kind] of given.columns) {
    task[name] = new KINDS[kind](content, at, given.tasks);
    at += task[name].byteLength;
  }
}

const startOf = (index) => given.start + task.start[index] * given.unit;
const lengthOf = (index) => task.length[index] * given.unit;

function seconds(value) {
  return value < 0.1 ? `${(value * 1000).toPrecision(3)} ms` : `${value.toPrecision(4)} s`;
}

function described(index) {
  const lines = [
    `<b>task ${task.task[index]} ${given.groups[task.group[index]][0]}</b> ${given.functions[task.function[index]] || ""}`,
    `${given.lanes[task.lane[index]].split("  ")[0]}, ${given.statuses[task.status[index]][0]}, ${seconds(lengthOf(index))}`,
  ];
  if (task.failure[index]) lines.push(given.failures[task.failure[index]]);
  if (!Number.isNaN(task.waited[index])) lines.push(`queued ${seconds(task.waited[index])} before`);
  given.phases.forEach(([name], number) => {
    const length = (task[`phase${number}`][index] / 65535) * lengthOf(index);
    if (length > 0) lines.push(`${name} ${seconds(length)}`);
  });
  if (task.opened && task.opened[index]) {
    lines.push(`opened to read: ${task.opened[index]}, ${(task.bytes[index] / 1e6).toPrecision(3)} MB`);
  }
  return lines.join("<br>");
}

function inView(from, to) {
  const found = [];
  for (let index = 0; index < given.tasks; index++) {
    const start = startOf(index);
    if (start <= to && start + lengthOf(index) >= from) found.push(index);
  }
  return found;
}

function bars(indices, from, to) {
  const traces = given.groups.map(([name, colour], group) => {
    const mine = indices.filter((index) => task.group[index] === group);
    const status = mine.map((index) => given.statuses[task.status[index]]);
    return {
      type: "bar", orientation: "h", name, legendgroup: `group${group}`, yaxis: "y",
      base: mine.map(startOf), x: mine.map(lengthOf), y: mine.map((index) => task.lane[index]), width: 0.76,
      marker: {
        color: colour,
        line: { color: status.map(([, edge]) => edge), width: mine.map((index) => (task.status[index] ? 1.5 : 0)) },
        pattern: { shape: mine.map((index) => (task.status[index] ? "/" : "")), fgcolor: status.map(([, edge]) => edge), fillmode: "overlay" },
      },
      hovertext: mine.map(described), hoverinfo: "text", textposition: "none", showlegend: true,
    };
  });
  const least = (to - from) / 1500;
  const parts = given.phases.map(() => ({ base: [], x: [], y: [] }));
  for (const index of indices) {
    let at = startOf(index);
    given.phases.forEach(([, , computes], number) => {
      const length = (task[`phase${number}`][index] / 65535) * lengthOf(index);
      if (!computes && length > least) {
        parts[number].base.push(at);
        parts[number].x.push(length);
        parts[number].y.push(task.lane[index]);
      }
      at += length;
    });
  }
  given.phases.forEach(([name, colour, computes], number) => {
    if (computes) return;
    traces.push({
      type: "bar", orientation: "h", name, yaxis: "y", ...parts[number], offset: 0.16, width: 0.22,
      marker: { color: colour }, hoverinfo: "skip", showlegend: true,
    });
  });
  return traces;
}

function shade(colour, level) {
  const share = (level + 1) / SHADES;
  const part = (at) => Math.round(255 - share * (255 - parseInt(colour.slice(at, at + 2), 16)));
  return `rgb(${part(1)},${part(3)},${part(5)})`;
}

function stretches(indices, from, to) {
  const count = Math.max(50, Math.min(MOST_STRETCHES, Math.floor(80000 / lanes)));
  const width = (to - from) / count;
  const kinds = given.groups.length;
  const cells = lanes * count;
  const busy = new Float64Array(cells * kinds);
  const tasks = new Uint32Array(cells);
  const worst = new Uint8Array(cells);
  for (const index of indices) {
    const start = startOf(index);
    const stop = start + lengthOf(index);
    const first = Math.max(0, Math.floor((start - from) / width));
    const last = Math.min(count - 1, Math.max(first, Math.floor((stop - from) / width)));
    for (let at = first; at <= last; at++) {
      const cell = task.lane[index] * count + at;
      const inside = Math.min(stop, from + (at + 1) * width) - Math.max(start, from + at * width);
      busy[cell * kinds + task.group[index]] += Math.max(inside, 0);
      tasks[cell] += 1;
      worst[cell] = Math.max(worst[cell], task.status[index] === 0 ? 0 : 4 - task.status[index]);
    }
  }
  const z = [];
  const text = [];
  for (let lane = 0; lane < lanes; lane++) {
    const colours = new Array(count).fill(null);
    const words = new Array(count).fill("");
    for (let at = 0; at < count; at++) {
      const cell = lane * count + at;
      if (!tasks[cell]) continue;
      let most = 0;
      let all = 0;
      for (let kind = 0; kind < kinds; kind++) {
        all += busy[cell * kinds + kind];
        if (busy[cell * kinds + kind] > busy[cell * kinds + most]) most = kind;
      }
      const share = Math.min(1, all / width);
      const status = worst[cell] ? given.statuses[4 - worst[cell]][0] : "";
      const level = Math.min(SHADES - 1, Math.floor(share * SHADES));
      colours[at] = worst[cell] ? kinds * SHADES + (3 - worst[cell]) : most * SHADES + level;
      words[at] = `${given.lanes[lane].split("  ")[0]}: ${tasks[cell]} tasks, ${Math.round(share * 100)} % busy<br>` +
        `mostly ${given.groups[most][0]}${status ? `<br>some ${status}` : ""}`;
    }
    z.push(colours);
    text.push(words);
  }
  const palette = given.groups.flatMap(([, colour]) => [0, 1, 2, 3].map((level) => shade(colour, level)));
  palette.push(...given.statuses.slice(1).map(([, colour]) => colour));
  const scale = palette.flatMap((colour, place) => [[place / palette.length, colour], [(place + 1) / palette.length, colour]]);
  const legend = given.groups.map(([name, colour]) => ({
    type: "scatter", mode: "markers", x: [null], y: [null], name, marker: { symbol: "square", size: 12, color: colour },
  }));
  return [{
    type: "heatmap", z, text, x0: from + width / 2, dx: width, y0: 0, dy: 1, ygap: 4, yaxis: "y", hoverinfo: "text",
    colorscale: scale, zmin: -0.5, zmax: palette.length - 0.5, showscale: false,
  }, ...legend];
}

function below() {
  const traces = [];
  const [times, waiting] = given.waiting;
  if (times.length) {
    traces.push({
      type: "scatter", mode: "lines", x: [...times, end], y: [...waiting, waiting[waiting.length - 1]], yaxis: "y2",
      line: { shape: "hv", color: "#c9722f", width: 1 }, fill: "tozeroy", name: "queued tasks",
    });
  }
  const uses = given.uses;
  if (uses.ours.length) {
    const steps = (values) => [...values, values[values.length - 1]];
    const line = (values, name, yaxis, colour, more) => traces.push({
      type: "scatter", mode: "lines", x: uses.time, y: steps(values), name, yaxis,
      line: { shape: "hv", color: colour, width: 1 }, ...more,
    });
    line(uses.ours, "cores of engines and client", "y3", "#3b7dd8", { fill: "tozeroy" });
    line(uses.machine, "cores of the whole machine", "y3", "#444444", {});
    line(uses.engines, "MB of engines", "y4", "#2a9d8f", { fill: "tozeroy", stackgroup: "memory" });
    line(uses.client, "MB of the client", "y4", "#8a94a0", { fill: "tonexty", stackgroup: "memory" });
  }
  return traces;
}

function endings() {
  const there = new Set(task.status);
  return given.statuses.map(([name, colour], status) => ({
    type: "scatter", mode: "markers", x: [null], y: [null], name, visible: status > 0 && there.has(status),
    marker: { symbol: "square-open", size: 11, color: colour, line: { width: 2 } },
  }));
}

function marks() {
  const mine = given.marks.filter((mark) => mark.lane !== null);
  return {
    type: "scatter", mode: "markers", x: mine.map((mark) => mark.time), y: mine.map((mark) => mark.lane), yaxis: "y",
    marker: { symbol: "x", size: 11, color: given.statuses[1][1], line: { color: "white", width: 1 } },
    hovertext: mine.map((mark) => mark.text), hoverinfo: "text", name: "deaths, interrupts, new engines",
    showlegend: mine.length > 0, cliponaxis: false,
  };
}

function layout(from, to) {
  const high = Math.max(2, lanes) * 26 + 30;
  const part = 85;
  const gap = 22;
  const rows = [given.waiting[0].length > 0, given.uses.ours.length > 0, given.uses.ours.length > 0];
  const total = high + rows.filter(Boolean).length * (part + gap);
  let top = 1 - high / total;
  const found = {
    height: total + 150, margin: { l: 120, r: 20, t: 30, b: 90 }, barmode: "overlay", hovermode: "closest",
    dragmode: "zoom", plot_bgcolor: "#fff", legend: { orientation: "h", y: -60 / total, yanchor: "top", traceorder: "normal" },
    yaxis: {
      domain: [top, 1], range: [Math.max(2, lanes) - 0.5, -0.5], fixedrange: true, showgrid: false, zeroline: false,
      tickvals: given.lanes.map((_, lane) => lane), ticktext: given.lanes,
    },
    shapes: [], annotations: [],
  };
  let lowest = "y";
  ["queued", "cores", "MB"].forEach((title, row) => {
    if (!rows[row]) return;
    const axis = { title: { text: title }, fixedrange: true, rangemode: "tozero", nticks: 5, domain: [Math.max(0, top - (part + gap) / total), top - gap / total] };
    if (title === "queued") axis.tickformat = "d";
    if (title === "cores") axis.range = [0, 1.1 * given.cores];
    found[`yaxis${row + 2}`] = axis;
    top = axis.domain[0];
    lowest = `y${row + 2}`;
  });
  found.xaxis = { range: [from, to], anchor: lowest, title: { text: "seconds after the run's begin" }, zeroline: false };
  for (const mark of given.marks.filter((one) => one.line)) {
    const line = { color: given.statuses[1][1], width: 1.5, dash: "dash" };
    found.shapes.push({ type: "line", x0: mark.time, x1: mark.time, yref: "paper", y0: 0, y1: 1, line });
    found.annotations.push({ x: mark.time, yref: "paper", y: 1, yanchor: "bottom", text: mark.text, showarrow: false });
  }
  return found;
}

function draw(from, to) {
  const seen = inView(from, to);
  const merged = seen.length > MOST_BARS;
  const traces = merged ? stretches(seen, from, to) : bars(seen, from, to);
  drawing.dataset.tasks = seen.length;
  drawing.dataset.merged = merged;
  note.textContent = merged
    ? `${seen.length} attempts in view, put together by time, paler where engines were not busy. Drag to zoom in: from ${MOST_BARS} on, each has its bar.`
    : `${seen.length} attempts in view. Drag to zoom, double-click to zoom out; what a bar is, is said when you point at it.`;
  const config = { scrollZoom: true, responsive: true, displaylogo: false, doubleClick: false, modeBarButtons: BUTTONS };
  return Plotly.react(drawing, [...traces, ...endings(), marks(), ...below()], layout(from, to), config);
}

// what is in view stands behind the page's address, as #from,to in seconds, so that it can be kept
function asked() {
  const [from, to] = location.hash.slice(1).split(",").map(Number);
  return from < to ? [from, to] : [given.start, end];
}

function look(from, to) {
  history.replaceState(null, "", `#${from.toFixed(6)},${to.toFixed(6)}`);
  return draw(from, to);
}

const whole = () => look(given.start, end);
let due = null;
function moved(change) {
  if (!Object.keys(change).some((name) => name.startsWith("xaxis"))) return;
  const [from, to] = drawing.layout.xaxis.range;
  clearTimeout(due);
  due = setTimeout(() => look(from, to), 80);
}

unpack().then(() => draw(...asked())).then(() => {
  drawing.on("plotly_relayout", moved);
  drawing.on("plotly_doubleclick", whole);
  document.getElementById("whole").addEventListener("click", whole);
  addEventListener("hashchange", () => draw(...asked()));
  document.body.dataset.drawn = "yes";
});
