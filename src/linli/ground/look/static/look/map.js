// Maps without tiles: the outlines of areas from GeoJSON, their names as ordinary HTML. A place can be picked by finger,
// mouse, keyboard or the device's position. Where no map can be drawn, the words in [data-map-words] stand alone.
(() => {
  "use strict";

  const COLOURS = { fill: "#d6e6e2", line: "#17545a", chosen: "#f3d9b0" };
  const PLACES = 6;
  const GAP = 2; // pixels around a name

  function drawable() {
    if (!window.maplibregl) return false;
    try { return Boolean(document.createElement("canvas").getContext("webgl2")); } catch { return false; }
  }

  const rings = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : []);

  function inRing([x, y], ring) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if ((yi > y) !== (yj > y) && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }

  const holds = (feature, point) => rings(feature.geometry)
    .some(([outer, ...holes]) => inRing(point, outer) && !holes.some((hole) => inRing(point, hole)));

  const largest = (feature) => rings(feature.geometry).map(([outer]) => outer).sort((a, b) => spread(b) - spread(a))[0];
  function spread(ring) {
    const box = boxOf(ring);
    return (box[2] - box[0]) * (box[3] - box[1]);
  }
  function boxOf(points) {
    return points.reduce(([w, s, e, n], [x, y]) => [Math.min(w, x), Math.min(s, y), Math.max(e, x), Math.max(n, y)], [180, 90, -180, -90]);
  }

  // The centre of gravity of the largest ring, or the middle of its box where that lies outside.
  function labelPoint(feature) {
    const ring = largest(feature);
    let [area, x, y] = [0, 0, 0];
    const [ox, oy] = ring[0];
    for (let i = 0; i < ring.length - 1; i += 1) {
      const [ax, ay, bx, by] = [ring[i][0] - ox, ring[i][1] - oy, ring[i + 1][0] - ox, ring[i + 1][1] - oy];
      const cross = ax * by - bx * ay;
      area += cross; x += (ax + bx) * cross; y += (ay + by) * cross;
    }
    const point = area ? [ox + x / (3 * area), oy + y / (3 * area)] : ring[0];
    const box = boxOf(ring);
    return holds(feature, point) ? point : [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  }

  const element = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

  async function load(address) {
    const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
    if (!answer.ok) throw new Error(`outlines: ${answer.status}`);
    return answer.json();
  }

  // A name is shown where it covers none of a larger area; nearer, there is room for more.
  function addNames(map, features, property) {
    const bySize = features.map((feature) => ({ feature, size: spread(largest(feature)) })).sort((a, b) => b.size - a.size);
    const names = bySize.map(({ feature }) => {
      const label = element("span", "map-name", feature.properties[property]);
      label.setAttribute("aria-hidden", "true");
      const point = labelPoint(feature);
      new maplibregl.Marker({ element: label, anchor: "center" }).setLngLat(point).addTo(map);
      return { label, point };
    });
    const untangle = () => {
      const taken = [];
      const boxes = names.map(({ label, point }) => {
        const { x, y } = map.project(point);
        const [w, h] = [label.offsetWidth / 2 + GAP, label.offsetHeight / 2 + GAP];
        return { left: x - w, right: x + w, top: y - h, bottom: y + h };
      });
      names.forEach(({ label }, at) => {
        const box = boxes[at];
        const hit = taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top);
        label.classList.toggle("map-name-hidden", hit);
        if (!hit) taken.push(box);
      });
    };
    for (const change of ["zoom", "moveend", "resize"]) map.on(change, untangle);
    untangle(); // the map is idle by now and will not say so again
  }

  async function addPoints(map, address) {
    const points = await load(address);
    for (const feature of points.features) {
      const { name, url } = feature.properties;
      const mark = element(url ? "a" : "span", "map-point");
      if (url) mark.href = url;
      mark.title = name;
      mark.setAttribute("aria-label", name);
      if (!url) mark.setAttribute("role", "img");
      new maplibregl.Marker({ element: mark, anchor: "center" }).setLngLat(feature.geometry.coordinates).addTo(map);
    }
  }

  function addPicking(map, holder, features, property) {
    const words = holder.dataset;
    const inputs = [document.getElementById(words.longitude), document.getElementById(words.latitude)];
    const status = holder.querySelector("[data-map-picked]");
    const clear = holder.querySelector("[data-map-clear]");
    const marker = new maplibregl.Marker({ color: "#a63a2b" });
    const cross = element("span", "map-cross map-cross-on");
    map.getContainer().append(cross);

    const choose = (point, move = false) => {
      const area = features.find((feature) => holds(feature, point));
      if (!area) { status.textContent = words.textOutside; return; }
      point.forEach((number, at) => { inputs[at].value = number.toFixed(PLACES); });
      inputs[0].dispatchEvent(new Event("change", { bubbles: true }));
      marker.setLngLat(point).addTo(map);
      map.setFilter("chosen", ["==", ["get", property], area.properties[property]]);
      if (move) map.easeTo({ center: point, zoom: Math.max(map.getZoom(), 14) });
      status.textContent = words.textPicked.replace("{place}", area.properties[property]);
      clear.hidden = false;
    };
    clear.addEventListener("click", () => {
      inputs.forEach((input) => { input.value = ""; });
      marker.remove();
      map.setFilter("chosen", ["==", ["get", property], ""]);
      status.textContent = words.textCleared;
      clear.hidden = true;
    });
    map.on("click", (event) => choose(event.lngLat.toArray()));
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      choose(map.getCenter().toArray());
    });
    holder.querySelector("[data-map-locate]").addEventListener("click", () => {
      const denied = () => { status.textContent = words.textDenied; };
      if (!navigator.geolocation) { denied(); return; }
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => choose([coords.longitude, coords.latitude], true), denied,
        { enableHighAccuracy: true, timeout: 10000 },
      );
    });
    if (inputs[0].value && inputs[1].value) choose(inputs.map((input) => Number(input.value)));
  }

  async function draw(holder) {
    const outlines = await load(holder.dataset.outlines);
    const property = holder.dataset.nameProperty;
    const features = outlines.features.filter((feature) => rings(feature.geometry).length);
    const bounds = boxOf(features.flatMap((feature) => rings(feature.geometry).flatMap(([outer]) => outer)));
    holder.querySelector(".map-drawing").hidden = false;
    maplibregl.setWorkerUrl(holder.dataset.worker);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const canvas = holder.querySelector("[data-map-canvas]");
    const map = new maplibregl.Map({
      container: canvas, bounds, fitBoundsOptions: { padding: 24 }, attributionControl: false, dragRotate: false, pitchWithRotate: false,
      touchPitch: false, cooperativeGestures: false, renderWorldCopies: false, fadeDuration: still ? 0 : 200,
      style: {
        version: 8,
        sources: { outlines: { type: "geojson", data: outlines } },
        layers: [
          { id: "areas", type: "fill", source: "outlines", paint: { "fill-color": COLOURS.fill } },
          { id: "chosen", type: "fill", source: "outlines", filter: ["==", ["get", property], ""], paint: { "fill-color": COLOURS.chosen } },
          { id: "borders", type: "line", source: "outlines", paint: { "line-color": COLOURS.line, "line-width": 1.5 } },
        ],
      },
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    map.getCanvas().setAttribute("role", "application");
    map.getCanvas().setAttribute("aria-label", canvas.dataset.label);
    map.on("error", (event) => console.warn("map", event.error?.message));
    await map.once("load");
    addNames(map, features, property);
    if (holder.dataset.points) await addPoints(map, holder.dataset.points);
    if ("pick" in holder.dataset) addPicking(map, holder, features, property);
    else holder.dispatchEvent(new CustomEvent("linli:map", { detail: { map }, bubbles: true }));
    holder.dataset.drawn = "yes";
  }

  for (const holder of document.querySelectorAll("[data-map]")) {
    if (!drawable()) continue;
    draw(holder).catch((problem) => {
      console.warn("map", problem.message);
      holder.querySelector(".map-drawing").hidden = true;
    });
  }
})();
