import type { Readable } from 'node:stream';
import type { Pool } from 'mariadb';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { renderMail } from '../mail/render-mail.ts';
import { outboxMessageId, type Mailer } from '../mail/transport.ts';
import type { SendMailPayload } from '../queue/contract.ts';
import { UnrecoverableError } from '../queue/worker.ts';
import { deleteMail, findMail, markFailed, markSent } from '../store/outbox.ts';

export interface SendMailDeps {
  pool: Pool;
  /** The file that a mail carries, if it carries one. */
  attached(data: Record<string, unknown>): Promise<{ filename: string; content: Readable }[]>;
  /** The data as the template needs it, with what stands in no table; null: nobody needs the mail any more. */
  complete(data: Record<string, unknown>): Promise<Record<string, unknown> | null>;
  mailer: Mailer;
  /** Where the links lead. */
  appUrl: string;
  clock: () => number;
  log: Logger;
}

/**
 * Mails one row of the outbox, once: a row that was sent is left alone. Should the process die between the server's
 * "accepted" and our note of it, the second mail carries the same Message-ID.
 */
export function makeSendMail({ pool, attached, complete, mailer, appUrl, clock, log }: SendMailDeps) {
  return async ({ outboxId }: SendMailPayload): Promise<string> => {
    const mail = await findMail(pool, outboxId);
    if (!mail) return 'gone';
    if (mail.sent) return 'sent before';
    try {
      const data = await complete(mail.data);
      if (data === null) {
        await deleteMail(pool, outboxId);
        log.info({ outboxId, template: mail.template }, 'nobody needs this mail any more');
        return 'over';
      }
      const rendered = renderMail(mail.template, mail.language, data, appUrl);
      const attachments = await attached(mail.data);
      const messageId = outboxMessageId(outboxId, appUrl);
      const { refused } = await mailer.send({ to: mail.recipients, ...rendered, messageId, attachments });
      if (refused.length > 0) log.warn({ outboxId, refused: refused.length }, 'some recipients were refused');
    } catch (err) {
      const reason = err instanceof Error ? err.message : String(err);
      await markFailed(pool, outboxId, reason);
      if (err instanceof AppError && !err.retryable) throw new UnrecoverableError(reason);
      throw err;
    }
    await markSent(pool, outboxId, clock());
    log.info({ outboxId, template: mail.template }, 'mail sent');
    return 'sent';
  };
}
