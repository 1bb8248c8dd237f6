import type { Response } from 'express';
import type { Logger } from '../logger.ts';
import type { StreamedFile } from './file.ts';

/**
 * Writes a file to whoever waits for it, no faster than it is taken. What fails before the first byte becomes a problem
 * document; later the connection is cut, so that half a file is never taken for a whole one.
 */
export async function sendStream(response: Response, { name, type, write }: StreamedFile, log: Logger): Promise<void> {
  const gone = new AbortController();
  const onClose = () => {
    if (!response.writableFinished) gone.abort();
  };
  response.once('close', onClose);
  // One listener for all: what compresses the answer takes them and gives none back.
  let wake = (): void => {};
  response.on('drain', () => wake());
  gone.signal.addEventListener('abort', () => wake());
  try {
    await write(async (piece) => {
      gone.signal.throwIfAborted();
      if (!response.headersSent) response.attachment(name).type(type);
      if (response.write(piece)) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      gone.signal.throwIfAborted();
    }, gone.signal);
    response.end();
  } catch (err) {
    if (!gone.signal.aborted) throw err;
    log.info({ name }, 'a download was given up by its client');
  } finally {
    response.off('close', onClose);
  }
}
