"""What people do: one file a job, one public function or method an act. None of it needs a screen."""
