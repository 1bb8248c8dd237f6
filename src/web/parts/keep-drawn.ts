import type UPlot from 'uplot';

/** Keeps a chart as wide and as light or dark as its host; answers how to take it away. */
export function keepDrawn(host: HTMLElement, heightPx: number, draw: () => UPlot): () => void {
  let chart = draw();
  const redraw = () => {
    chart.destroy();
    chart = draw();
  };
  const size = new ResizeObserver(() => {
    if (host.clientWidth !== chart.width) chart.setSize({ width: host.clientWidth, height: heightPx });
  });
  size.observe(host);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', redraw);
  return () => {
    dark.removeEventListener('change', redraw);
    size.disconnect();
    chart.destroy();
  };
}
