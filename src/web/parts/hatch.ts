const STEP_PX = 8;

/** Slanted lines for what is not known. */
export function hatch(ctx: CanvasRenderingContext2D, ink: string): CanvasPattern | string {
  const side = Math.round(STEP_PX * devicePixelRatio);
  const tile = new OffscreenCanvas(side, side);
  const drawn = tile.getContext('2d');
  if (!drawn) return ink;
  drawn.strokeStyle = ink;
  drawn.lineWidth = devicePixelRatio;
  drawn.beginPath();
  // Once in each corner as well, so that the tiles meet.
  for (const shift of [-side, 0, side]) {
    drawn.moveTo(shift, side);
    drawn.lineTo(shift + side, 0);
  }
  drawn.stroke();
  return ctx.createPattern(tile, 'repeat') ?? ink;
}
