import { dotnet } from './dotnet.ts';
import { java } from './java.ts';
import type { Language, LanguageFamily } from './language.ts';
import { nodejs } from './nodejs.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';

export const languages: Readonly<Record<LanguageFamily, Language>> = { nodejs, python, ruby, java, dotnet };
