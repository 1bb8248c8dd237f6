import type { EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef, useState } from 'preact/hooks';
import { toTrouble, type Trouble } from '../../data/api.ts';
import type * as Library from './echarts.ts';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';

export type Ink = (name: string) => string;

interface DrawingProps {
  /** What it says to whoever does not see it. */
  label: string;
  heightPx: number;
  /** By the colours of the page, and its width. */
  drawn(ink: Ink, widthPx: number): EChartsCoreOption;
}

/** A large drawing: its library comes when the first one is shown. */
export function Drawing({ label, heightPx, drawn }: DrawingProps) {
  const host = useRef<HTMLDivElement>(null);
  const [library, setLibrary] = useState<typeof Library | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    setTrouble(null);
    import('./echarts.ts').then(setLibrary, (error: unknown) => setTrouble(toTrouble(error)));
  }, [round]);
  useEffect(() => {
    const element = host.current;
    if (!library || !element) return;
    const chart = library.init(element);
    const draw = () => {
      const style = getComputedStyle(element);
      const option = drawn((name) => style.getPropertyValue(`--${name}`).trim(), element.clientWidth);
      chart.setOption({ animation: false, textStyle: { fontFamily: style.fontFamily, fontSize: 13 }, ...option }, true);
    };
    draw();
    const size = new ResizeObserver(() => {
      chart.resize();
      draw();
    });
    size.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      dark.removeEventListener('change', draw);
      size.disconnect();
      chart.dispose();
    };
  }, [library, drawn, heightPx]);
  if (trouble) return <TroubleNotice trouble={trouble} onAgain={() => setRound(round + 1)} />;
  return (
    <>
      {!library && <Loading rows={5} />}
      <div ref={host} class="drawing" role="img" aria-label={label} style={{ height: library ? `${heightPx}px` : '0' }} />
    </>
  );
}
