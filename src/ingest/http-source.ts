export interface HttpSource {
  url: URL;
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  mostBytes: number;
}

/** The text of an answer that came whole, in time and not too large; throws for any other one. */
export async function fetchText({ url, headers, timeoutMs, mostBytes }: HttpSource, ended: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)]);
  // A key is not shown to whoever is named by a redirect.
  const response = await fetch(url, { headers, signal, redirect: 'error' });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`it answers ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`its answer is larger than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
