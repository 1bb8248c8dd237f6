import { AppError } from '../errors.ts';

/** Whoever is refused for who it is, is refused each time. */
export class NotLetIn extends AppError {}
