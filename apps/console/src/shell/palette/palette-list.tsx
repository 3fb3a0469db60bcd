import type { Entry, Section } from './entry';
import classes from './palette.module.css';

type Props = {
  id: string;
  sections: readonly Section[];
  /** Place of the entry that Enter would choose. */
  active: number;
  optionId: (index: number) => string;
  onPoint: (index: number) => void;
  onChoose: (entry: Entry) => void;
};

export const PaletteList = ({ id, sections, active, optionId, onPoint, onChoose }: Props) => {
  let index = -1;
  return (
    <div role="listbox" id={id} aria-label="Found" className={classes.list}>
      {sections.map(({ label, entries }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand in a listbox
        <div key={label} role="group" aria-label={label} className={classes.section}>
          <div className={classes.label} aria-hidden>
            {label}
          </div>
          {entries.map((entry) => {
            index += 1;
            return (
              <Option
                key={entry.id}
                entry={entry}
                id={optionId(index)}
                index={index}
                isActive={index === active}
                onPoint={onPoint}
                onChoose={onChoose}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
};

type OptionProps = Pick<Props, 'onPoint' | 'onChoose'> & { entry: Entry; id: string; index: number; isActive: boolean };

const Option = ({ entry, id, index, isActive, onPoint, onChoose }: OptionProps) => {
  const { label, detail, icon: Icon } = entry;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: its keys are those of the combobox
    // biome-ignore lint/a11y/useFocusableInteractive: the combobox keeps the focus and names the active option
    <div
      role="option"
      id={id}
      aria-selected={isActive}
      className={classes.option}
      onMouseMove={() => isActive || onPoint(index)}
      onClick={() => onChoose(entry)}
    >
      <Icon size={17} stroke={1.7} aria-hidden className={classes.icon} />
      <span className={classes.name}>{label}</span>
      {detail && <span className={classes.detail}>{detail}</span>}
    </div>
  );
};
