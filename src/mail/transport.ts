import type { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import { AppError } from '../errors.ts';

export interface MailToSend {
  /** Addresses separated by commas. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** From `outboxMessageId`: a mail that is sent twice after a crash can be recognised. */
  messageId: string;
  /** Who gets the answer, where that is not the sender. */
  replyTo?: { name: string; address: string };
  attachments?: { filename: string; content: Readable }[];
}

export interface Mailer {
  /** Resolves when the mail server took the mail for at least one recipient; names those it refused. */
  send(mail: MailToSend): Promise<{ refused: string[] }>;
  verify(): Promise<void>;
  close(): void;
}

const CONNECTION_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 30_000;

/** `smtp://user:password@host:port`; `smtps:` is TLS from the start, `smtp:` takes STARTTLS where the server offers it. A password never travels without TLS. */
function settingsOf(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname,
    port: Number(url.port || (secure ? 465 : 25)),
    secure,
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) }, requireTLS: !secure }),
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

// 5xx about this mail: the server will never take it. A refused log-in is about us, and mended by people.
function isFinal(cause: unknown): boolean {
  const { code, responseCode } = cause as { code?: string; responseCode?: number };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500;
}

function mailFailed(cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AppError('mail-not-sent', `The mail server did not take the mail: ${why}`, { retryable: !isFinal(cause), cause });
}

export function makeMailer({ smtpUrl, from }: { smtpUrl: string; from: string }): Mailer {
  const transport = createTransport(settingsOf(smtpUrl), { from });
  return {
    async send(mail) {
      try {
        const { rejected } = await transport.sendMail({ ...mail, headers: { 'Auto-Submitted': 'auto-generated' } });
        return { refused: rejected };
      } catch (cause) {
        throw mailFailed(cause);
      }
    },
    async verify() {
      try {
        await transport.verify();
      } catch (cause) {
        throw mailFailed(cause);
      }
    },
    close() {
      transport.close();
    },
  };
}

/** The same row always gives the same Message-ID; the installation is told apart by when the row was written or by its domain. */
export function outboxMessageId(outboxId: number, appUrl: string): string {
  return `<outbox-${outboxId}@${new URL(appUrl).hostname}>`;
}
