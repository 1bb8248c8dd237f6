/** The answer to a shorter question. */
export function shorter(reply: Buffer): Buffer {
  const cut = Buffer.from(reply.subarray(0, -2));
  cut.writeUInt16BE(reply.readUInt16BE(4) - 2, 4);
  cut[8] = (reply[8] ?? 0) - 2;
  return cut;
}

/** The answer to the question before. */
export function stale(reply: Buffer): Buffer {
  const old = Buffer.from(reply);
  old.writeUInt16BE(reply.readUInt16BE(0) - 1, 0);
  return old;
}
