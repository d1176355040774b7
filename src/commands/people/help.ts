/** What `rollcall people --help` prints. */
export const help = `rollcall people list                        who is known
rollcall people show ID                     one person: old IDs, who it certainly is not, who is most alike
rollcall people show ID --today             where and when the person was seen since midnight (local time), and how long in all
rollcall people search PHOTO... [--since 7d]
                                            who is in photos; with --since also where faces like them were seen since then, by
                                            whomever, known or not (12h, 7d, 2w, or a date such as 2026-03-02)
rollcall people name ID NAME                names a person; '' removes the name
rollcall people merge A B [--force]         merges two IDs into one person; --force: although they are unlike, or known to be two
rollcall people unmerge OLDID               undoes a wrong merge: the old ID is a separate person again
rollcall people split ID [--track T ...] [--sighting S ...]
                                            splits one ID into two people; takes off the given tracks and sightings
rollcall people separate A B                marks two IDs as certainly two people, never to be merged
rollcall people compare A B                 how alike two are, and what a merge would do
rollcall people move SIGHTING ID|new        gives a sighting to another person; new: makes a new person of it
rollcall people actions                     what was done lately, by whom, and what of it can be undone
rollcall people undo ACTION                 takes an action back; a deletion cannot be
rollcall people review                      questions of which one answer settles most: likely duplicates, doubtful joins
rollcall people answer QUESTION ANSWER [NAME]
                                            answers one: same, different, other, name NAME, dismiss
rollcall people calibration                 how alike different people are here, and how far scores are moved by it
rollcall people delete ID                   deletes a person with every trace; asks first on a terminal
rollcall people never ID|--photo PHOTO [--photo PHOTO ...] [--note TEXT]
                                            deletes somebody and never recognises them again; prints the code that takes it back
rollcall people objectors                   who is never to be recognised: when and how they objected
rollcall people revoke OBJECTOR CODE        takes it back; --without-code REASON instead of CODE: on the machine, while no
                                            Rollcall runs; the reason is kept
rollcall people export [FILE]               everybody with their embeddings: biometric data, keep it safe
rollcall people import FILE                 adds the people of an export (-: stdin), all or nobody
rollcall people enroll NAME PHOTO...        enrolls a named person from photos, or adds photos; says which are not usable
rollcall people enroll --folder DIR         the same for many: every folder in DIR is a name, with that person's photos
                                            exit code 0: all photos accepted, 3: some refused, 1: nobody enrolled

ID, A and B: an ID, or a name that one person has. An ID may be written short, as the viewer shows it: four or more characters
with which one ID alone begins or ends.

  --url URL         a running Rollcall; its token is in the environment variable ROLLCALL_TOKEN
  --state DIR       without --url: where people are kept (default ~/.local/state/rollcall/SITE). Asks the Rollcall that has
                    the directory open, or opens it itself
  --config FILE     the configuration that Rollcall runs with: state directory, models and thresholds
  --models DIR      detector and embedder for enroll and search
  --yes             deletes without asking
  --json            the whole result as JSON

docs/people.md says more, and how to take photos that work.`
