import { useEffect, useState } from 'preact/hooks';

/** Modules around it that stay white: ISO/IEC 18004 asks for four. */
const QUIET = 4;

/** Drawn here, module by module: what stands in it is sent nowhere. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [modules, setModules] = useState<readonly (readonly boolean[])[] | null>(null);
  useEffect(() => {
    let wanted = true;
    void import('qr').then(({ encodeQR }) => {
      if (wanted) setModules(encodeQR(text, 'raw', { ecc: 'medium', border: QUIET }));
    });
    return () => {
      wanted = false;
    };
  }, [text]);
  const size = modules?.length ?? 0;
  const path = (modules ?? []).flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path.join('')} fill="#000" />
    </svg>
  );
}
