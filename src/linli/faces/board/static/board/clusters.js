// Bubbles on the map of the board: how many demands where. Those that would cover one another are one bubble; nearer,
// they part. A single one opens its demands, a joined one zooms in.
(() => {
  "use strict";

  const NEAR = 48; // pixels
  const size = (number, most) => 30 + 34 * Math.sqrt(number / Math.max(most, 1));

  function groups(map, points) {
    const found = [];
    for (const point of points) {
      const at = map.project(point.geometry.coordinates);
      const near = found.find((group) => Math.hypot(group.x - at.x, group.y - at.y) < NEAR);
      if (near) near.points.push(point);
      else found.push({ x: at.x, y: at.y, points: [point] });
    }
    return found;
  }

  function bubble(map, group, most) {
    const { points } = group;
    const number = points.reduce((sum, { properties }) => sum + properties.number, 0);
    const [first] = points;
    const single = points.length === 1;
    const mark = document.createElement(single ? "a" : "button");
    if (single) mark.href = first.properties.url;
    else {
      mark.type = "button";
      mark.addEventListener("click", () => map.easeTo({ center: first.geometry.coordinates, zoom: map.getZoom() + 1.5 }));
    }
    mark.className = `bubble${single ? "" : " bubble-joined"}`;
    mark.textContent = number.toLocaleString();
    mark.title = single ? `${first.properties.name}: ${number}` : `${points.map(({ properties }) => properties.name).join(", ")}: ${number}`;
    mark.setAttribute("aria-label", mark.title);
    const pixels = `${size(number, most)}px`;
    Object.assign(mark.style, { width: pixels, height: pixels });
    return new maplibregl.Marker({ element: mark }).setLngLat(first.geometry.coordinates).addTo(map);
  }

  async function show(holder, map) {
    const answer = await fetch(holder.dataset.boardPoints, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) return;
    const points = (await answer.json()).features.sort((a, b) => b.properties.number - a.properties.number);
    let marks = [];
    const redraw = () => {
      marks.forEach((mark) => mark.remove());
      const found = groups(map, points);
      const most = Math.max(...found.map((group) => group.points.reduce((sum, { properties }) => sum + properties.number, 0)), 1);
      marks = found.map((group) => bubble(map, group, most));
    };
    map.on("moveend", redraw);
    redraw();
    holder.dataset.bubbles = "yes";
  }

  document.addEventListener("linli:map", (event) => {
    const holder = event.target.closest("[data-board-points]");
    if (holder) show(holder, event.detail.map).catch((problem) => console.warn("bubbles", problem.message));
  });
})();
