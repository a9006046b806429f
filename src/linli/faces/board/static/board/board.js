// Draws the pictures of the board from the numbers beside them. Without scripts the sentence and the table remain.
(() => {
  "use strict";

  const INK = "#1d2b2b", SOFT = "#4b5b59", LINE = "#dedacd";
  const COLOURS = ["#17545a", "#b3470b"];
  const HEAT = ["#f4f9f8", "#cfe3e0", "#8fbdb8", "#3f8a88", "#17545a", "#0f3d42"];
  const LETTER = () => parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.875;

  const category = (names, more = {}) => ({ type: "category", data: names, axisLine: { lineStyle: { color: LINE } }, axisTick: { show: false }, axisLabel: { color: SOFT, fontSize: LETTER() }, ...more });
  const amount = (more = {}) => ({ type: "value", minInterval: 1, splitLine: { lineStyle: { color: LINE } }, axisLabel: { color: SOFT, fontSize: LETTER() }, ...more });
  const room = (more = {}) => ({ left: 8, right: 16, top: 16, bottom: 8, containLabel: true, ...more });

  const bars = (names, values) => ({
    grid: room({ right: 48 }), tooltip: {}, xAxis: amount(), yAxis: category(names, { inverse: true }),
    series: [{ type: "bar", data: values, barMaxWidth: 22, label: { show: true, position: "right", color: INK, fontSize: LETTER() } }],
  });

  const DRAW = {
    trend: ({ steps, series }) => ({
      grid: room({ top: 40 }),
      legend: { top: 0, right: 0, icon: "roundRect", textStyle: { color: INK, fontSize: LETTER() } },
      tooltip: { trigger: "axis" },
      xAxis: category(steps),
      yAxis: amount(),
      series: series.map(({ name, values }, at) => ({
        name, type: "line", data: values, symbol: at ? "rect" : "circle", symbolSize: 6,
        lineStyle: { width: 2.5, type: at ? "dashed" : "solid" },
      })),
    }),
    ages: ({ names, values }) => bars(names, values),
    topics: ({ names, values }) => bars(names, values),
    heat: ({ places, topics, cells, most }) => ({
      grid: room({ bottom: 48 }),
      tooltip: { formatter: ({ value: [across, down, number] }) => `${places[down]} · ${topics[across]}: ${number}` },
      xAxis: category(topics, { position: "top", axisLabel: { color: SOFT, fontSize: LETTER(), interval: 0, rotate: 40 } }),
      yAxis: category(places, { inverse: true, axisLabel: { color: SOFT, fontSize: LETTER(), interval: 0 } }),
      visualMap: { min: 0, max: Math.max(most, 1), orient: "horizontal", left: 8, bottom: 0, itemHeight: 120, inRange: { color: HEAT }, textStyle: { color: SOFT } },
      series: [{ type: "heatmap", data: cells, label: { show: innerWidth > 900, fontSize: LETTER() * 0.85 }, itemStyle: { borderColor: "#fff", borderWidth: 1 } }],
    }),
  };

  const HEIGHTS = { trend: () => 300, ages: () => 300, topics: ({ names }) => 60 + names.length * 30, heat: ({ places }) => 190 + places.length * 28 };

  function draw(figure) {
    const kind = figure.dataset.chart;
    const data = JSON.parse(figure.querySelector("[data-chart-data]").textContent);
    const canvas = figure.querySelector("[data-chart-canvas]");
    canvas.hidden = false;
    canvas.style.height = `${HEIGHTS[kind](data)}px`;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const picture = echarts.init(canvas);
    picture.setOption({ color: COLOURS, animation: !still, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily }, ...DRAW[kind](data) });
    new ResizeObserver(() => picture.resize()).observe(canvas);
    figure.dataset.drawn = "yes";
  }

  if (!window.echarts) return;
  for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
})();
