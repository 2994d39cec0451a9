"""The station's two themes: one for terminals with true colour, one for those with sixteen.

The sixteen are the terminal's own: on the Linux console they are all there is, and a colour between two of
them would come out as whichever is nearer. No screen names a colour; all say `$ok`, `$quiet`, `$row`.
"""

from collections.abc import Mapping

from textual.theme import Theme

HIGH_CONTRAST = Theme(
    name="station",
    primary="#7cc4ff",
    accent="#7cc4ff",
    success="#3ddc7f",
    warning="#ffbe2e",
    error="#e0262f",
    foreground="#f4f7fa",
    background="#0a0e13",
    surface="#0a0e13",
    panel="#0a0e13",
    boost="#0a0e13",
    text_alpha=1.0,
    variables={
        "ok": "#3ddc7f",
        "ok-ink": "#00190a",
        "check": "#ffbe2e",
        "check-ink": "#1c1200",
        "stop": "#d3141f",
        "stop-ink": "#ffffff",
        "ok-word": "#3ddc7f",
        "check-word": "#ffbe2e",
        "stop-word": "#ff7a80",
        "quiet": "#a9b6c2",
        "rule": "#43515f",
        "row": "#f4f7fa",
        "tint": "#22384d",
        "row-ink": "#0a0e13",
        "dark-ink-style": "bold",
        "owed": "#7cc4ff",
        "input-cursor-background": "#f4f7fa",
        "input-cursor-foreground": "#0a0e13",
        "input-cursor-text-style": "none",
    },
)

SIXTEEN = Theme(
    name="station-16",
    ansi=True,
    primary="ansi_bright_cyan",
    accent="ansi_bright_cyan",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_bright_white",
    background="ansi_black",
    surface="ansi_black",
    panel="ansi_black",
    boost="ansi_black",
    variables={
        # What Textual's own widgets name under a theme of the terminal's colours.
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_bright_white",
        "ok": "ansi_green",
        "ok-ink": "ansi_black",
        "check": "ansi_yellow",
        "check-ink": "ansi_black",
        "stop": "ansi_red",
        "stop-ink": "ansi_bright_white",
        "ok-word": "ansi_bright_green",
        "check-word": "ansi_bright_yellow",
        "stop-word": "ansi_bright_red",
        "quiet": "ansi_white",
        "rule": "ansi_bright_black",
        "row": "ansi_white",
        "tint": "ansi_blue",
        "row-ink": "ansi_black",
        "dark-ink-style": "none",  # bold black comes out grey there
        "owed": "ansi_bright_cyan",
        "input-cursor-background": "ansi_bright_white",
        "input-cursor-foreground": "ansi_black",
        "input-cursor-text-style": "none",
    },
)


def theme_for(environment: Mapping[str, str]) -> str:
    """The name of the theme that suits a terminal, by what its environment says of it."""
    term = environment.get("TERM", "")
    many = environment.get("COLORTERM", "").lower() in ("truecolor", "24bit")
    many = many or any(sign in term for sign in ("256color", "direct", "kitty", "alacritty", "ghostty"))
    many = many or "WT_SESSION" in environment  # Windows Terminal, which sets no TERM
    return HIGH_CONTRAST.name if many else SIXTEEN.name
