const LENGTH_BYTES_AT_MOST = 4;

/**
 * Follows the packets of a connection by their lengths alone (MQTT 3.1.1, 2.2.3), as the parser gathers a packet of any
 * length before anybody sees it. Answers false once one is announced that is longer than the limit, or has no length.
 */
export function makePacketGate(limitBytes: number): (chunk: Uint8Array) => boolean {
  /** Null: the next byte begins a packet. */
  let lengthBytes: number | null = null;
  let length = 0;
  let bodyLeft = 0;

  return (chunk) => {
    for (let at = 0; at < chunk.length; at += 1) {
      if (bodyLeft > 0) {
        const passed = Math.min(bodyLeft, chunk.length - at);
        bodyLeft -= passed;
        at += passed - 1;
        continue;
      }
      if (lengthBytes === null) {
        lengthBytes = 0;
        length = 0;
        continue;
      }
      const byte = chunk[at]!;
      length += (byte & 0x7f) * 128 ** lengthBytes;
      lengthBytes += 1;
      const ends = (byte & 0x80) === 0;
      if (length > limitBytes || (!ends && lengthBytes === LENGTH_BYTES_AT_MOST)) return false;
      if (!ends) continue;
      bodyLeft = length;
      lengthBytes = null;
    }
    return true;
  };
}
