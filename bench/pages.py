from bench.lives import Crew

PageCrew = Crew
