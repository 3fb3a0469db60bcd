import type { Feature } from '@bastionary/contracts/entitlements';
import { ActionIcon, Button, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { valueWords } from '../feature-words';
import { readValue, type ValueDraft } from '../value-draft';
import { ValueField } from '../value-field';
import type { ContentFaults } from './content-draft';
import classes from './feature-grants.module.css';

type Props = {
  features: Feature[];
  granted: Record<string, ValueDraft>;
  onChange: (granted: Record<string, ValueDraft>) => void;
  faults: ContentFaults;
};

/** Above so many, one looks for what to add by its name. */
const SEARCHED_FROM = 16;

/** What is granted first, is what a switch is for: on. */
const firstValue = ({ type, default: value }: Feature): ValueDraft =>
  type === 'switch' ? { type, isOn: true } : readValue(type, value);

/** The features a version grants, each with its value; the others below, to be added. */
export const FeatureGrants = ({ features, granted, onChange, faults }: Props) => {
  const [search, setSearch] = useState('');
  const rest = features.filter(({ key }) => !(key in granted));
  const needle = search.trim().toLowerCase();
  const found = rest.filter(({ key, name }) => `${key} ${name}`.toLowerCase().includes(needle));
  const remove = (key: string) => {
    const { [key]: _, ...others } = granted;
    onChange(others);
  };

  return (
    <>
      {Object.keys(granted).length === 0 && (
        <Text size="sm" c="dimmed">
          It grants nothing yet: its customers have every feature with its default.
        </Text>
      )}
      <ul className={classes.rows} aria-label="Features granted">
        {features.map((feature) => {
          const draft = granted[feature.key];
          if (!draft) return null;
          return (
            <li key={feature.key} className={classes.row}>
              <div className={classes.field}>
                <ValueField
                  label={feature.name}
                  description={`${feature.key} · default ${valueWords(feature.type, feature.default)}`}
                  draft={draft}
                  onChange={(next) => onChange({ ...granted, [feature.key]: next })}
                  error={faults[`features.${feature.key}`]}
                />
              </div>
              <ActionIcon
                size={32}
                variant="subtle"
                color="gray"
                aria-label={`Do not grant ${feature.name}`}
                onClick={() => remove(feature.key)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      {faults.features && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {faults.features}
        </Text>
      )}
      {rest.length > 0 && (
        <div className={classes.rest}>
          <Text size="sm" fw={550}>
            Not granted
          </Text>
          {rest.length > SEARCHED_FROM && (
            <TextInput
              aria-label="Search features"
              placeholder="Search by name or key"
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
              className={classes.search}
            />
          )}
          <ul className={classes.chips} aria-label="Features not granted">
            {found.map((feature) => (
              <li key={feature.key}>
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconPlus size={14} aria-hidden />}
                  aria-label={`Grant ${feature.name}`}
                  onClick={() => onChange({ ...granted, [feature.key]: firstValue(feature) })}
                >
                  {feature.name}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {features.length === 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          There are no features yet. Add them first, under Features in the catalogue.
        </Text>
      )}
    </>
  );
};
