import { makeChatClient } from '../../generated/chat-client.ts';
import { language } from '../words.ts';
import { api } from './api.ts';

const TIMEOUT_MS = 20_000;

export const chat = makeChatClient((address, body) =>
  fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': language, 'x-csrf-token': api.csrfToken() ?? '' },
    credentials: 'same-origin',
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }),
);
